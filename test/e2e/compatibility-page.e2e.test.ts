import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { compatibilityPage, pageFile } from "../../scripts/docs-compatibility.ts";

test("docs/compatibility.md lists the cases that the suites run over", async () => {
  expect(await readFile(pageFile, "utf8")).toBe(compatibilityPage());
});
