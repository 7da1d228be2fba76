import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { invokerFiles } from "../../platform/invoker-files.ts";
import { readAuthConf } from "./auth-files.ts";

async function folderWith(files: Readonly<Record<string, string>>) {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  mkdirSync(directory.join("auth.conf.d"));
  for (const [name, text] of Object.entries(files))
    writeFileSync(directory.join(name), text, { mode: 0o600 });
  return directory;
}

test("reads nothing from a folder without auth.conf", async () => {
  await using directory = await temporaryDirectory();
  expect(readAuthConf(directory.path, invokerFiles)).toStrictEqual({ entries: [], exposedPaths: [] });
});

test("reads auth.conf, then the .conf files in the order of their names", async () => {
  const directory = await folderWith({
    "auth.conf.d/20-b.conf": "machine h.example login fourth machine h.example login fifth",
    "auth.conf.d/10-a.conf": "\nmachine h.example login second",
    "auth.conf.d/15.conf": "machine h.example login third",
    "auth.conf.d/00.conf.bak": "machine h.example login backup",
    "auth.conf.d/.hidden.conf": "machine h.example login hidden",
    "auth.conf": "machine h.example login first",
  });
  const { entries, exposedPaths } = readAuthConf(directory.path, invokerFiles);
  expect(entries.map(({ login }) => login)).toStrictEqual(["first", "second", "third", "fourth", "fifth"]);
  expect(entries[1]?.source).toBe(`${directory.join("auth.conf.d/10-a.conf")}:2`);
  expect(exposedPaths).toStrictEqual([]);
});

test("names files that every user may read, and not those of a group", async () => {
  const text = "machine h.example login u password p";
  const directory = await folderWith({
    "auth.conf": text,
    "auth.conf.d/a.conf": text,
    "auth.conf.d/b.conf": text,
  });
  chmodSync(directory.join("auth.conf"), 0o604);
  chmodSync(directory.join("auth.conf.d/a.conf"), 0o640);
  chmodSync(directory.join("auth.conf.d/b.conf"), 0o644);
  expect(readAuthConf(directory.path, invokerFiles).exposedPaths).toStrictEqual([
    directory.join("auth.conf"),
    directory.join("auth.conf.d/b.conf"),
  ]);
});

test("fails on an existing file that cannot be read", async () => {
  const directory = await folderWith({});
  mkdirSync(directory.join("auth.conf"));
  expect(() => readAuthConf(directory.path, invokerFiles)).toThrow(
    `cannot read ${directory.join("auth.conf")}: EISDIR`,
  );
  const other = await folderWith({});
  symlinkSync("loop.conf", other.join("auth.conf.d/loop.conf"));
  expect(() => readAuthConf(other.path, invokerFiles)).toThrow(
    expect.objectContaining({ code: "AUTH_CONF_UNREADABLE", hint: expect.stringContaining("0600") }),
  );
});
