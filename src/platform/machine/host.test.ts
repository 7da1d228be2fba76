import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { findCommand } from "./host.ts";

test("finds the first executable of that name in the absolute directories of PATH", async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  for (const name of ["plain", "one", "two"]) {
    mkdirSync(directory.join(name));
    writeFileSync(directory.join(name, "xz"), "#!/bin/sh\n");
    chmodSync(directory.join(name, "xz"), name === "plain" ? 0o644 : 0o755);
  }
  const path = ["relative", "", ...["none", "plain", "one", "two"].map((name) => directory.join(name))];
  expect(findCommand("xz", path.join(":"))).toBe(directory.join("one/xz"));
  expect(findCommand("zstd", path.join(":"))).toBeUndefined();
  expect(findCommand("xz", undefined)).toBeUndefined();
  expect(findCommand("xz", "src:.:")).toBeUndefined();
});
