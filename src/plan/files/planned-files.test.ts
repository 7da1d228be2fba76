import { expect, test } from "vitest";
import { normalizePath } from "../../repository/index.ts";
import { FilePlan } from "./file-plan.ts";
import { ChosenFiles, type PlannedFiles, plannedFiles } from "./planned-files.ts";

const plan = new FilePlan([]);
for (const [path, sizeBytes] of Object.entries({ a: 1, b: 2, c: undefined, d: 4 }))
  plan.add({ path: normalizePath(path), sizeBytes, digests: { sha256: "0".repeat(64) } }, "Packages");

const chosen = new ChosenFiles(plan);
for (const file of plan.files()) chosen.next(file, file.path !== "b");

const shown = (files: PlannedFiles) => [
  files.count,
  files.sizeBytes,
  Array.from(files.files(), ({ path }) => path),
];

test("has the chosen files in the order of the plan, each time that they are walked", () => {
  expect(shown(chosen)).toEqual([3, 5, ["a", "c", "d"]]);
  expect(shown(chosen)).toEqual([3, 5, ["a", "c", "d"]]);
});

test("chooses among chosen files", () => {
  const last = new ChosenFiles(chosen);
  for (const file of chosen.files()) last.next(file, file.path !== "a");
  expect(shown(last)).toEqual([2, 4, ["c", "d"]]);
});

test("counts files that are there", () => {
  expect(shown(plannedFiles([...plan.files()]))).toEqual(shown(plan));
});
