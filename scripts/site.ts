/**
 * Builds dist/site, a static site of README.md, docs/ and the pages beside: `node scripts/site.ts`. It works below any URL and
 * from plain files, loads nothing from elsewhere, and is checked for links and anchors that lead nowhere.
 */
import { globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { brokenReferences } from "./site/check-site.ts";
import { navigationOf } from "./site/navigation.ts";
import { renderPage } from "./site/render-page.ts";
import { searchScript } from "./site/search-documents.ts";
import { linkedFiles, sitePath } from "./site/site-paths.ts";
import { writeSite } from "./site/write-site.ts";

const root = join(import.meta.dirname, "..");
const target = join(root, "dist/site");
const paths = globSync(["*.md", "docs/**/*.md"], { cwd: root }).toSorted();
const pages = paths.map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const navigation = navigationOf(pages);
const files = new Map<string, string | Uint8Array>();
for (const page of pages) files.set(sitePath(page.path), renderPage(page, navigation));
for (const path of pages.flatMap(linkedFiles)) files.set(path, readFileSync(join(root, path)));
files.set("assets/site.css", readFileSync(join(import.meta.dirname, "site/assets/site.css")));
files.set("assets/search.js", readFileSync(join(import.meta.dirname, "site/assets/search.js")));
files.set("assets/minisearch.js", readFileSync(join(root, "node_modules/minisearch/dist/umd/index.js")));
files.set("assets/documents.js", searchScript(pages));

rmSync(target, { recursive: true, force: true });
const bytes = writeSite(target, files);
const broken = brokenReferences(files);
for (const reference of broken) console.error(reference);
if (broken.length > 0) process.exitCode = 1;
console.log(`dist/site: ${pages.length} pages, ${files.size} files, ${Math.ceil(bytes / 1000)} kB`);
