/** Copies the files that pages of docs/ quote into them: `node scripts/docs-quotes.ts`, or with --check only compares. */
import { globSync, readFileSync } from "node:fs";
import { keepPage } from "./generated-page.ts";
import { withQuotes } from "./markdown/quotes.ts";

const root = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

for (const path of globSync("docs/**/*.md", { cwd: root.pathname }).toSorted())
  await keepPage(new URL(path, root), withQuotes(read(path), read));
