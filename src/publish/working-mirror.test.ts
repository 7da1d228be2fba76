import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readTree, temporaryDirectory } from "../../test/support/index.ts";
import { carriedRecordOf, mirrorLayout } from "../layout.ts";
import { PublishError } from "./errors.ts";
import type { Generation } from "./generations.ts";
import type { Keep } from "./publisher.ts";
import { openWorkingMirror } from "./working-mirror.ts";

const time = new Date("2026-05-04T03:02:01.000Z");
const keepNothing: Keep = { now: time, graceMs: 0 };
const { signal } = new AbortController();

async function open({ isPublic = true } = {}) {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const layout = mirrorLayout(directory.path, {
    id: "noble",
    snapshot: { path: directory.join(".snapshots") },
    publish: { staging: "staging", production: "current" },
  });
  const working = openWorkingMirror(layout, { isPublic });
  const addTree = (files: Readonly<Record<string, string>>, now = time): Generation => {
    const { generation } = working.next(now);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(generation.path, path)), { recursive: true });
      writeFileSync(join(generation.path, path), text);
    }
    return generation;
  };
  return { directory, layout, working, addTree };
}

/** Everything in `<dir>/<id>`. */
const namesIn = ({ root }: { readonly root: string }): readonly string[] => readdirSync(root).toSorted();

const read = (path: string): string => readFileSync(path, "utf8");

describe("show", () => {
  test("shows each name of the tree through one link", async () => {
    const { layout, working, addTree } = await open();
    expect(working.current()).toBeUndefined();
    const generation = addTree({ "dists/noble/Release": "1", "pool/a.deb": "a", InRelease: "flat" });
    await working.show(generation, keepNothing, signal);

    expect(working.current()).toEqual(generation);
    expect(read(join(layout.root, "dists/noble/Release"))).toBe("1");
    expect(read(join(layout.root, "InRelease"))).toBe("flat");
    expect(readlinkSync(join(layout.root, "pool"))).toBe(".live/pool");
    expect(readlinkSync(layout.live)).toBe("../.mirrorctl/trees/noble/20260504T030201.000Z");
  });

  test("moves to the next tree, shows its new names, and hides those that it lacks", async () => {
    const { layout, working, addTree } = await open();
    await working.show(
      addTree({ "dists/Release": "1", "pool/a.deb": "a", "old.txt": "old" }),
      keepNothing,
      signal,
    );
    await working.show(
      addTree({ "dists/Release": "2", "pool/a.deb": "a", "new.txt": "new" }),
      keepNothing,
      signal,
    );
    expect(readdirSync(layout.root).toSorted()).toEqual([".live", "dists", "new.txt", "pool"]);
    expect(read(join(layout.root, "dists/Release"))).toBe("2");
    expect(read(join(layout.root, "new.txt"))).toBe("new");
  });

  test("leaves files and links that it did not make", async () => {
    const { layout, working, addTree } = await open();
    await working.show(addTree({ "dists/Release": "1" }), keepNothing, signal);
    writeFileSync(join(layout.root, "README"), "ours");
    symlinkSync("/srv/iso", join(layout.root, "iso"));
    symlinkSync(".live/dists", join(layout.root, "alias"));
    symlinkSync("../.snapshots/noble/one", layout.production);
    await working.show(addTree({ "pool/a.deb": "a" }), keepNothing, signal);
    expect(readdirSync(layout.root).toSorted()).toEqual([
      ".live",
      "README",
      "alias",
      "current",
      "iso",
      "pool",
    ]);
  });

  test.each([
    ["a file", "pool", (path: string) => writeFileSync(path, "precious"), "Move it away"],
    ["a directory", "pool", (path: string) => mkdirSync(path), "Move it away"],
    ["a link that leads elsewhere", "pool", (path: string) => symlinkSync("/srv/pool", path), "Move it away"],
    ["the name of production", "current", () => undefined, "[publish]"],
    ["the name of staging", "staging", () => undefined, "[publish]"],
    ["the link of the working mirror", ".live", () => undefined, "[publish]"],
  ])(
    "refuses a tree with a name that is %s, and shows the old one as before",
    async (_what, name, make, hint) => {
      const { directory, layout, working, addTree } = await open();
      const old = addTree({ "dists/Release": "1" });
      await working.show(old, keepNothing, signal);
      make(join(layout.root, name));
      const next = addTree({ "dists/Release": "2", "extra/new": "new", [`${name}/file`]: "new" });
      const before = await readTree(directory.path);

      const show = () => working.show(next, keepNothing, signal);
      await expect(show()).rejects.toThrow(PublishError);
      await expect(show()).rejects.toThrow(
        expect.objectContaining({ code: "NAME_TAKEN", hint: expect.stringContaining(hint) }),
      );
      expect(working.current()).toEqual(old);
      expect(await readTree(directory.path)).toEqual(before);
    },
  );

  test("shows the old tree if the move fails half-way, and then the new one", async () => {
    const { layout, working, addTree } = await open();
    const old = addTree({ "dists/Release": "1" });
    await working.show(old, keepNothing, signal);
    mkdirSync(join(layout.root, ".live.next"));
    const next = addTree({ "dists/Release": "2", "pool/a.deb": "a" });
    await expect(working.show(next, keepNothing, signal)).rejects.toThrow(".live.next");
    expect(working.current()).toEqual(old);
    expect(read(join(layout.root, "dists/Release"))).toBe("1");
    expect(existsSync(join(layout.root, "pool/a.deb"))).toBe(false);

    rmSync(join(layout.root, ".live.next"), { recursive: true });
    await working.show(next, keepNothing, signal);
    expect(read(join(layout.root, "dists/Release"))).toBe("2");
    expect(read(join(layout.root, "pool/a.deb"))).toBe("a");
  });
});

describe("a working mirror that is not public", () => {
  test("has no public names", async () => {
    const { layout, working, addTree } = await open({ isPublic: false });
    const generation = addTree({ "dists/Release": "1", "pool/a.deb": "a" });
    await working.show(generation, keepNothing, signal);
    expect(working.current()).toEqual(generation);
    expect(working.alignNames()).toEqual([]);
    expect(namesIn(layout)).toEqual([".live"]);
  });

  test("loses the names that it had while it was public, and returns them", async () => {
    const { layout, working, addTree } = await open();
    const shown = addTree({ "dists/Release": "1", "pool/a.deb": "a" });
    await working.show(shown, keepNothing, signal);
    const hiding = openWorkingMirror(layout, { isPublic: false });
    expect(hiding.alignNames()).toEqual(["dists", "pool"]);
    expect(hiding.alignNames()).toEqual([]);
    expect(hiding.current()).toEqual(shown);
    expect(namesIn(layout)).toEqual([".live"]);
  });

  test("loses them even if its tree is gone", async () => {
    const { layout, working, addTree } = await open();
    const shown = addTree({ "dists/Release": "1" });
    await working.show(shown, keepNothing, signal);
    rmSync(shown.path, { recursive: true });
    expect(openWorkingMirror(layout, { isPublic: false }).alignNames()).toEqual(["dists"]);
  });

  test("leaves files and links that mirrorctl did not make", async () => {
    const { layout, working, addTree } = await open();
    await working.show(addTree({ "dists/Release": "1", "pool/a.deb": "a" }), keepNothing, signal);
    rmSync(join(layout.root, "pool"));
    mkdirSync(join(layout.root, "pool"));
    writeFileSync(join(layout.root, "README"), "ours");
    symlinkSync("./.live/dists", join(layout.root, "spelt"));
    symlinkSync(".live/dists", join(layout.root, "alias"));
    symlinkSync(".live", layout.production);
    expect(openWorkingMirror(layout, { isPublic: false }).alignNames()).toEqual(["dists"]);
    expect(namesIn(layout)).toEqual([".live", "README", "alias", "current", "pool", "spelt"]);
  });

  test("gets its names again once it is public", async () => {
    const { layout, working, addTree } = await open();
    await openWorkingMirror(layout, { isPublic: false }).show(
      addTree({ "dists/Release": "1", "pool/a.deb": "a" }),
      keepNothing,
      signal,
    );
    expect(working.alignNames()).toEqual([]);
    expect(namesIn(layout)).toEqual([".live", "dists", "pool"]);
    expect(read(join(layout.root, "dists/Release"))).toBe("1");
  });

  test("may have names that are used, but none that a web server reads itself", async () => {
    const { layout, working, addTree } = await open({ isPublic: false });
    mkdirSync(join(layout.root, "pool"), { recursive: true });
    const names = ["pool", "staging", "current"];
    working.assertShowable(names);
    await working.show(
      addTree(Object.fromEntries(names.map((name) => [`${name}/file`, name]))),
      keepNothing,
      signal,
    );
    expect(namesIn(layout)).toEqual([".live", "pool"]);
    for (const name of [".htaccess", ".live"])
      expect(() => working.assertShowable([name])).toThrow(PublishError);
  });
});

test("makes removed names again without another tree", async () => {
  const { layout, working, addTree } = await open();
  await working.show(addTree({ "dists/Release": "1", "pool/a.deb": "a" }), keepNothing, signal);
  rmSync(join(layout.root, "pool"));
  expect(working.alignNames()).toEqual([]);
  expect(namesIn(layout)).toEqual([".live", "dists", "pool"]);
});

describe("next", () => {
  test("is named after the time, and never like an existing tree or draft", async () => {
    const { layout, working, addTree } = await open();
    addTree({ "dists/Release": "1" });
    expect(working.next(time).generation.name).toBe("20260504T030201.000Z-2");
    mkdirSync(join(layout.trees, ".20260504T030201.000Z-2.draft"));
    const { draft, generation } = working.next(time);
    expect(generation).toEqual({
      name: "20260504T030201.000Z-3",
      path: join(layout.trees, "20260504T030201.000Z-3"),
    });
    expect(draft).toBe(join(layout.trees, ".20260504T030201.000Z-3.draft"));
  });
});

test("never gives the next tree a name that still has a record of carried files", async () => {
  const { working } = await open();
  const { generation } = working.next(time);
  const record = carriedRecordOf(generation.path);
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, "{}");
  expect(working.next(time).generation.name).toBe(`${generation.name}-2`);
});

describe("current", () => {
  test("is undefined if the tree is gone", async () => {
    const { working, addTree } = await open();
    const generation = addTree({ "dists/Release": "1" });
    await working.show(generation, keepNothing, signal);
    rmSync(generation.path, { recursive: true });
    expect(working.current()).toBeUndefined();
  });
});

test("lists the complete trees as generations, shown or not", async () => {
  const { layout, working, addTree } = await open();
  const trees = [addTree({ "dists/Release": "1" }), addTree({ "dists/Release": "2" })];
  mkdirSync(join(layout.trees, ".killed.draft"));
  writeFileSync(join(layout.trees, "a file"), "");
  expect(working.generations().toSorted((a, b) => a.path.localeCompare(b.path))).toEqual(trees);
});

describe("clearing up", () => {
  test("removes every tree except the shown one", async () => {
    const { layout, working, addTree } = await open();
    addTree({ "dists/Release": "1" });
    const shown = addTree({ "dists/Release": "2" });
    addTree({ "dists/Release": "3" });
    await working.show(shown, keepNothing, signal);
    expect(await working.removeOthers()).toBe(2);
    expect(readdirSync(layout.trees)).toEqual([shown.name]);
    expect(read(join(layout.root, "dists/Release"))).toBe("2");
    expect(await working.removeOthers()).toBe(0);
  });

  test("removes what other runs left, but not the shown tree and the current draft", async () => {
    const { layout, working, addTree } = await open();
    const shown = addTree({ "dists/Release": "1" });
    await working.show(shown, keepNothing, signal);
    addTree({ "dists/Release": "never shown" });
    const { draft } = working.next(time);
    mkdirSync(draft);
    mkdirSync(join(layout.trees, ".killed.draft"));
    await working.removeOthers(draft);
    expect(readdirSync(layout.trees).toSorted()).toEqual([basename(draft), shown.name]);
  });
});
