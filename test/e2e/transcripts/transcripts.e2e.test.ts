/**
 * Runs every command of the tutorial and of the answers in docs/questions, and compares what it prints. `vitest -u` writes
 * what the commands print into the pages.
 */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { startMachines } from "./machines.ts";
import { perform } from "./transcript.ts";

const docs = new URL("../../../docs/", import.meta.url).pathname;
const pages = globSync(["tutorial.md", "questions/*.md"], { cwd: docs })
  .filter((page) => readFileSync(docs + page, "utf8").includes("```console\n"))
  .toSorted();

test("finds the pages", () => {
  expect(pages).toContain("tutorial.md");
  expect(pages.length).toBeGreaterThan(3);
});

test.each(pages)("the commands of %s print what it shows", async (page) => {
  await using machines = await startMachines();
  const performed = await perform(readFileSync(docs + page, "utf8"), machines);
  await expect(performed).toMatchFileSnapshot(docs + page);
});
