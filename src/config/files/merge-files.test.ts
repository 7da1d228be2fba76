import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withMirror } from "../inspect.fixture.ts";
import { type ConfigInspection, inspectConfig } from "../inspect.ts";
import { keyFinder } from "./find-keys.ts";
import { mergeFiles } from "./merge-files.ts";
import { parseFile } from "./parse-file.ts";

const inspect = (text: string, ...parts: readonly string[]): ConfigInspection =>
  inspectConfig({
    path: "/etc/mirrorctl/mirror.toml",
    text,
    parts: parts.map((part, index) => ({ path: `/etc/mirrorctl/conf.d/${index + 1}.toml`, text: part })),
    env: {},
    homeDir: "/root",
  });

async function problemsOf(text: string, ...parts: readonly string[]): Promise<readonly string[]> {
  const { problems, place } = inspect(text, ...parts);
  return (await place(problems)).map(({ message }) => message.replaceAll("/etc/mirrorctl/", ""));
}

const other = withMirror()
  .replace(/^dir.*\n/, "")
  .replace("mirrors.m", "mirrors.other");

describe("files of conf.d", () => {
  test("add mirrors, tables, and keys to tables", () => {
    const text = `${withMirror()}[snapshot]\nskip_unchanged = true\n`;
    const { config, files } = inspect(
      text,
      `max_conns = 3\n${other}`,
      '[snapshot.prune]\nkeep_last = 7\n[mirrors.m.publish]\ngrace = "1h"\n',
    );
    expect(files).toEqual(
      ["mirror.toml", "conf.d/1.toml", "conf.d/2.toml"].map((n) => `/etc/mirrorctl/${n}`),
    );
    expect(config).toMatchObject({
      maxConns: 3,
      mirrors: [
        {
          id: "m",
          snapshot: { skipUnchanged: true, prune: { keepLast: 7 } },
          publish: { graceMs: 3_600_000 },
        },
        { id: "other", publish: { graceMs: 86_400_000 } },
      ],
    });
  });

  test("have paths relative to the folder of the main file", () => {
    const { config } = inspect('dir = "/srv"', `${other}pgp_key_path = "keys/a.asc"\n`);
    expect(config?.mirrors[0]?.pgpKeyPaths).toEqual(["/etc/mirrorctl/keys/a.asc"]);
  });

  test("may not set a key again: the message names both files and lines", async () => {
    expect(
      await problemsOf(
        withMirror(),
        'max_conns = 3\ndir = "/srv/other"\n',
        '[mirrors.m]\nsuites = ["x"]\n[log]\nlevel = "info"\n',
        "log = 1\nmax_conns = 4\n",
      ),
    ).toEqual([
      "conf.d/1.toml:2:1: dir is set already in mirror.toml:1",
      "conf.d/2.toml:2:1: mirrors.m.suites is set already in mirror.toml:4",
      "conf.d/3.toml:1:1: log is set already in conf.d/2.toml:3",
      "conf.d/3.toml:2:1: max_conns is set already in conf.d/1.toml:1",
    ]);
  });

  test("have their mistakes reported with file and line, in the order of the files", async () => {
    const problems = await problemsOf(
      `${withMirror()}sute = 1\n`,
      '[mirrors.third]\nurl = "ftp://x"\nsuites = ["s/"]\n',
      '\nmax_conns = 0\n[mirrors.m]\nsutes = ["x"]\n',
    );
    expect(problems.map((line) => line.split(" ", 3).join(" "))).toEqual([
      "mirror.toml:7:1: unknown key",
      "conf.d/1.toml:2:7: mirrors.third.url: found",
      "conf.d/2.toml:2:13: max_conns: found",
      "conf.d/2.toml:4:1: unknown key",
    ]);
  });

  test("are named if they are not TOML", () => {
    expect(() => inspect(withMirror(), "dir = = 1")).toThrow(
      "/etc/mirrorctl/conf.d/1.toml:1:7: not valid TOML",
    );
  });
});

describe("lists of tables", () => {
  const files = [
    "[[notify]]\na = 1\n",
    "[[notify]]\na = 2\n\n[[notify]]\na = 3\nlist = [1]\n",
    "list = [2]\n",
  ].map((text, index) => parseFile({ path: `${index}`, text }));

  test("are appended, and other lists are not", () => {
    expect(mergeFiles(files)).toEqual({
      values: { notify: [{ a: 1 }, { a: 2 }, { a: 3, list: [1] }], list: [2] },
      problems: [],
    });
    const again = parseFile({ path: "3", text: "list = [3]\nnotify = []\n" });
    expect(mergeFiles([...files, again]).problems).toEqual([
      { kind: "repeated-key", path: ["list"], file: "3" },
      { kind: "repeated-key", path: ["notify"], file: "3" },
    ]);
  });

  test("are found in the file of each item", async () => {
    const find = await keyFinder(files);
    const positions = [0, 1, 2].map((index) => {
      const { file, place } = find(["notify", index, "a"]) ?? {};
      return `${file}:${place?.key.line}`;
    });
    expect(positions).toEqual(["0:2", "1:2", "1:5"]);
    expect(find(["notify", 3, "a"])).toBeUndefined();
  });
});

test("tables split over files have the values of one file", () => {
  const key = fc.constantFrom("a", "b", "c", "d");
  const tables = fc.letrec((tie) => ({
    table: fc.dictionary(key, fc.oneof({ maxDepth: 3 }, fc.integer(), tie("table"))),
  })).table;
  fc.assert(
    fc.property(tables, fc.func(fc.boolean()), (values, isFirst) => {
      const part = (table: Record<string, unknown>, first: boolean): Record<string, unknown> =>
        Object.fromEntries(
          Object.entries(table).flatMap(([name, value]) => {
            if (typeof value === "object" && value !== null) return [[name, part({ ...value }, first)]];
            return isFirst(name, value) === first ? [[name, value]] : [];
          }),
        );
      const file = (path: string, first: boolean) => ({ path, text: "", values: part(values, first) });
      expect(mergeFiles([file("a", true), file("b", false)])).toEqual({ values, problems: [] });
    }),
  );
});
