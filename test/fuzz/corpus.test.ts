import { join } from "node:path";
import { expect, test } from "vitest";
import { keptCorpus, readCorpus } from "./engine/corpus.ts";
import { findTarget, targetNames } from "./targets/index.ts";

test.each(targetNames)(
  "%s keeps its properties for its kept corpus, and accepts a part of it",
  async (targetName) => {
    const target = await findTarget(targetName);
    const kinds = new Set<string>();
    for (const { name, bytes } of readCorpus(join(keptCorpus, targetName))) {
      try {
        kinds.add((await target.check(bytes)).kind);
      } catch (error) {
        throw new Error(`a property does not hold for ${targetName}/${name}`, { cause: error });
      }
    }
    expect(kinds).toContain("accepted");
  },
);

test("the kept corpus is small", () => {
  const files = targetNames.flatMap((name) => readCorpus(join(keptCorpus, name)));
  expect(files.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(300_000);
});
