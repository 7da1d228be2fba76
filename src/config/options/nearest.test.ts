import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["suitess", ["url", "suites", "sections"], "suites"],
  ["suties", ["url", "suites", "sections"], "suites"],
  ["Suites", ["url", "suites"], "suites"],
  ["mirror", ["dir", "mirrors"], "mirrors"],
  ["urls", ["url", "suites"], "url"],
  ["uri", ["url", "suites"], "url"],
  ["architecture", ["suites", "architectures"], "architectures"],
  ["keep_version", ["keep_last", "keep_versions"], "keep_versions"],
  ["ubuntu-nobel", ["ubuntu-noble", "ubuntu-noble-updates"], "ubuntu-noble"],
  ["frequency", ["url", "suites"], undefined],
  ["ab", ["cd"], undefined],
  ["a", [], undefined],
])("%s of %j is %s", (name, known, expected) => {
  expect(nearest(name, known)).toBe(expected);
});
