/** Runs every command of docs/tutorial.md, and compares what it prints. `vitest -u` writes what it prints into the page. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { perform } from "./transcript.ts";
import { createTutorialStage } from "./tutorial-stage.ts";

const page = new URL("../../../docs/tutorial.md", import.meta.url);

test("the commands of the tutorial print what it shows", async () => {
  await using stage = await createTutorialStage();
  const performed = await perform(readFileSync(page, "utf8"), stage);
  await expect(performed).toMatchFileSnapshot(page.pathname);
});
