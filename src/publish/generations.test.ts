import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
import { currentGeneration } from "./generations.ts";

test("a tree in place of the link to the working mirror is named, with advice", async () => {
  await using directory = await temporaryDirectory();
  const live = directory.join(".live");
  expect(currentGeneration({ live })).toBeUndefined();
  for (const make of [() => mkdirSync(live), () => writeFileSync(live, "")]) {
    make();
    expect(() => currentGeneration({ live })).toThrow(
      expect.objectContaining({
        code: "LINK_FOREIGN",
        message: `${live} is not a link, and mirrorctl makes one there`,
        hint: expect.stringContaining("rsync -aH"),
      }),
    );
    rmSync(live, { recursive: true });
  }
  symlinkSync(directory.path, live);
  expect(currentGeneration({ live })?.path).toBe(directory.path);
});
