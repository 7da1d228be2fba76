import { existsSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { temporaryDirectory } from "./temporary-directory.ts";

test("is private and new each time", async () => {
  await using first = await temporaryDirectory("mirrorctl-a-");
  await using second = await temporaryDirectory("mirrorctl-a-");
  expect(first.path).toContain("mirrorctl-a-");
  expect(second.path).not.toBe(first.path);
  expect((await stat(first.path)).mode & 0o777).toBe(0o700);
});

test("is removed with its contents when the block fails", async () => {
  let path = "";
  const failing = async () => {
    await using directory = await temporaryDirectory();
    path = directory.path;
    writeFileSync(directory.join("file"), "x");
    throw new Error("on purpose");
  };
  await expect(failing()).rejects.toThrow("on purpose");
  expect(existsSync(path)).toBe(false);
});
