/** The file of metrics may fail at any step: the command does its work, and the collector still has the old file. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { writeTextfile } from "../../src/operations/metrics/index.ts";
import { temporaryDirectory } from "../support/index.ts";
import { withFault } from "./faulty-disk.ts";

test.each(["EIO", "ENOSPC", "EROFS"] as const)("a file that fails with %s is the old one", async (fault) => {
  let failures = 0;
  for (let at = 1; at < 20; at++) {
    await using directory = await temporaryDirectory("metrics-");
    const path = directory.join("m.prom");
    writeFileSync(path, "old");
    const { outcome, failed } = await withFault(fault, at, () => writeTextfile(path, "new", 42));
    if (failed.length === 0) break;
    failures += 1;
    expect({ outcome, text: readFileSync(path, "utf8") }, `${fault} at ${at}`).toEqual({
      outcome: { error: expect.objectContaining({ code: fault }) },
      text: "old",
    });
    const left = readdirSync(directory.path).filter((name) => fault !== "EROFS" || name === "m.prom");
    expect(left).toEqual(["m.prom"]);
  }
  expect(failures).toBeGreaterThan(0);
});
