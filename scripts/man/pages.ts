import { readFileSync } from "node:fs";
import { commandPages } from "./command-pages.ts";
import { configurationPage } from "./configuration-page.ts";
import { type ManualPage, renderPage } from "./roff.ts";

const root = new URL("../../", import.meta.url);

/** Returns the manual pages, each by the name of its file. `date` is that of the last commit, so that two builds are equal. */
export async function manualPages(
  edition: Pick<ManualPage, "date" | "source">,
): Promise<ReadonlyMap<string, string>> {
  const example = readFileSync(new URL("examples/mirror.toml", root), "utf8");
  const pages = [...(await commandPages(edition)), configurationPage(example, edition)];
  return new Map(pages.map((page) => [`${page.name}.${page.section}`, renderPage(page)]));
}
