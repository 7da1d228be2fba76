/** The file beside an export: anyone may have written it. */
import { execFileSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { labelName, readLabel, type WrittenLabel, writeLabel } from "./label.ts";

const label: WrittenLabel = {
  complete: true,
  mirror: "debian",
  snapshot: "2026-05-04T03-02-01Z",
  since: undefined,
  exportedAt: new Date("2026-05-04T03:02:01Z"),
  files: 3,
  sizeBytes: 4_000,
};
const written = { format: 1, ...label };

describe("the label of an export", () => {
  test("is read as it was written", async () => {
    await using directory = await temporaryDirectory();
    expect(readLabel(directory.path)).toBeUndefined();
    writeLabel(directory.path, label);
    expect(readLabel(directory.path)).toEqual(label);
  });

  test.each([
    ["no JSON", "{"],
    ["another format", JSON.stringify({ ...written, format: 2 })],
    ["a wrong mirror", JSON.stringify({ ...written, mirror: "debian\nERROR all is lost" })],
    ["a wrong snapshot", JSON.stringify({ ...written, snapshot: "../../etc" })],
    ["a snapshot of many lines", JSON.stringify({ ...written, since: "a\nb" })],
    ["a wrong time", JSON.stringify({ ...written, exportedAt: "2026-13-45T99:00:00Z" })],
    ["far too much", JSON.stringify({ ...written, more: "x".repeat(100_000) })],
  ])("is ignored if it has %s", async (_what, text) => {
    await using directory = await temporaryDirectory();
    writeFileSync(join(directory.path, labelName), text);
    expect(readLabel(directory.path)).toBeUndefined();
  });

  test("is ignored if it is a pipe or a device", async () => {
    await using directory = await temporaryDirectory();
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(directory.path, labelName)]);
    expect(readLabel(directory.path)).toBeUndefined();
    await using other = await temporaryDirectory();
    symlinkSync("/dev/zero", join(other.path, labelName));
    expect(readLabel(other.path)).toBeUndefined();
  });
});
