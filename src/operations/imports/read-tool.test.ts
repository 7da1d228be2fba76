import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { directoryForTest } from "../test-support.ts";
import { readTool } from "./read-tool.ts";

type Directory = ReturnType<typeof directoryForTest>;

function write(directory: Directory, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(directory.join(name)), { recursive: true });
    writeFileSync(directory.join(name), text);
  }
}

test("reads the folder beside the list of apt-mirror2", async () => {
  const directory = directoryForTest();
  write(directory, {
    "mirror.list": "deb http://h.example/a s main\n",
    "mirror.list.d/b.list": "deb http://h.example/b s main\n",
    "mirror.list.d/c.sources": "Types: deb\nURIs: http://h.example/c\nSuites: s\nComponents: main\n",
    "mirror.list.d/d.list~": "deb http://h.example/d s main\n",
    "mirror.list.d/e.list/f": "",
  });
  const { imported } = await readTool("apt-mirror2", [directory.join("mirror.list")], "amd64");
  expect(imported.mirrors.map(({ id }) => id)).toEqual(["a-s", "b-s", "c-s"]);
});

const rule = "Method: http://h.example/d\nSuite: s\nComponents: main\nArchitectures: amd64\n";

test.each(["repository", "repository/conf", "repository/conf/updates"])(
  "finds the rules of reprepro at %s",
  async (path) => {
    const directory = directoryForTest();
    write(directory, {
      "repository/conf/updates": `Name: a\n${rule}FilterList: purge list +b/other\n`,
      "repository/conf/distributions": "Codename: c\nUpdate: a\n",
      "repository/conf/list": "bash install\n",
      "repository/other": "dash install\n",
    });
    const { imported } = await readTool("reprepro", [directory.join(path)], "amd64");
    expect(imported.mirrors.map(({ tables }) => tables)).toEqual([
      { filters: { exclude_patterns: ["^(?!(?:bash|dash)$)[^_]*$"] } },
    ]);
  },
);

test("reads directories of files in place of those of reprepro", async () => {
  const directory = directoryForTest();
  write(directory, {
    "conf/updates/a.conf": `Name: a\n${rule}`,
    "conf/updates/b.conf": `Name: b\n${rule}`,
    "conf/updates/c": `Name: c\n${rule}`,
  });
  const { imported } = await readTool("reprepro", [directory.path], "amd64");
  expect(imported.mirrors.map(({ id }) => id)).toEqual(["a", "b"]);
});

test("reads the file and the command line of debmirror together", async () => {
  const directory = directoryForTest();
  write(directory, { "debmirror.conf": '$host="h.example";\n$download_method="http";\n@dists="sid";\n' });
  const words = [directory.join("debmirror.conf"), "--arch=arm64", "--section=main", "/srv"];
  const { imported, from } = await readTool("debmirror", words, "amd64");
  expect(imported.mirrors.map(({ id, architectures }) => [id, architectures])).toEqual([
    ["debian-sid", ["arm64"]],
  ]);
  expect(from).toContain(" and a command line");
});

test.each([
  ["a pipe", (path: string) => execFileSync("sh", ["-c", 'mkfifo "$0"', path]), "it is a pipe or a socket"],
  ["a device without end", (path: string) => symlinkSync("/dev/zero", path), "it is far too large"],
  ["a directory", (path: string) => mkdirSync(path), "it is a directory"],
  ["a huge file", (path: string) => writeFileSync(path, Buffer.alloc((4 << 20) + 1)), "it is far too large"],
])("refuses %s, in a folder too", async (_, make, reason) => {
  const directory = directoryForTest();
  write(directory, { "good.list": "", "good.list.d/x.sources": "" });
  make(directory.join("bad.list"));
  for (const tool of ["apt-mirror", "apt-mirror2", "aptly", "debmirror", "mirrorctl-go"] as const)
    await expect(readTool(tool, [directory.join("bad.list")], "amd64")).rejects.toThrow(reason);
  if (reason === "it is a directory") return;
  make(directory.join("good.list.d", "bad.list"));
  await expect(readTool("apt-mirror2", [directory.join("good.list")], "amd64")).rejects.toThrow(reason);
});

test("names the directory that reprepro does not have", async () => {
  const directory = directoryForTest();
  await expect(readTool("reprepro", [directory.path], "amd64")).rejects.toThrow(
    "updates: there is no such file",
  );
  await expect(readTool("reprepro", [directory.join("x")], "amd64")).rejects.toThrow(
    "is not a directory of reprepro, nor its file conf/updates",
  );
});

test("refuses TOML with tables within tables within tables", async () => {
  const directory = directoryForTest();
  write(directory, { "mirror.toml": `${"a.".repeat(10_000)}b = 1\n` });
  await expect(readTool("mirrorctl-go", [directory.join("mirror.toml")], "amd64")).rejects.toThrow(
    "it has more than 20 tables within each other",
  );
});
