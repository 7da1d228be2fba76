import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { assertFree, writeAll } from "./write-files.ts";

async function openFolder() {
  const folder = await temporaryDirectory();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return folder;
}

const key = Buffer.from("key");

test("writes keys and configuration, and leaves nothing else", async () => {
  const folder = await openFolder();
  writeAll(folder.join("etc/mirror.toml"), "text", [{ path: folder.join("etc/keys/a.asc"), bytes: key }]);
  expect(readdirSync(folder.join("etc"))).toEqual(["keys", "mirror.toml"]);
  expect(readdirSync(folder.join("etc/keys"))).toEqual(["a.asc"]);
  expect(readFileSync(folder.join("etc/mirror.toml"), "utf8")).toBe("text");
});

test("removes the keys that it has written if the configuration appears meanwhile", async () => {
  const folder = await openFolder();
  mkdirSync(folder.join("etc/keys"), { recursive: true });
  writeFileSync(folder.join("etc/mirror.toml"), "mine");
  writeFileSync(folder.join("etc/keys/held.asc"), key);
  const keys = ["new.asc", "held.asc"].map((name) => ({ path: folder.join("etc/keys", name), bytes: key }));
  expect(() => writeAll(folder.join("etc/mirror.toml"), "text", keys)).toThrow("exists already");
  expect(readFileSync(folder.join("etc/mirror.toml"), "utf8")).toBe("mine");
  expect(readdirSync(folder.join("etc/keys"))).toEqual(["held.asc"]);
  expect(readdirSync(folder.join("etc"))).toEqual(["keys", "mirror.toml"]);
});

test("takes a dangling link for a file that exists", async () => {
  const folder = await openFolder();
  symlinkSync("/nonexistent", folder.join("mirror.toml"));
  expect(() => assertFree(folder.join("mirror.toml"))).toThrow("exists already");
});

test("names the file that cannot be written because a part of its path is a file", async () => {
  const folder = await openFolder();
  writeFileSync(folder.join("keys"), "");
  const path = folder.join("keys/a.asc");
  expect(() => writeAll(folder.join("mirror.toml"), "text", [{ path, bytes: key }])).toThrow(
    `cannot write ${path}: a part of its path is not a directory`,
  );
  expect(() => writeAll(path, "text", [])).toThrow(`cannot write ${path}: a part of its path is not`);
  expect(readdirSync(folder.path)).toEqual(["keys"]);
});
