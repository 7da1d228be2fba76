import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";
import { targetNames } from "./targets/index.ts";

/** The same in every run, so that a failure comes again; `make fuzz` goes further. */
const seed = 1;
const secondsForEach = 1;

test.concurrent.each(targetNames)("%s keeps its properties, whatever it reads", async (name) => {
  const { text, failure } = await fuzz(name, { seed, seconds: secondsForEach, usesWorkCorpus: false });
  process.stdout.write(text);
  expect(failure).toBeUndefined();
});
