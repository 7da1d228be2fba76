/** Fails on relative links and anchors of the Markdown pages that lead nowhere, and on pages of docs/ without a link. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brokenLinks, type Pages, unreachablePages } from "./markdown/links.ts";

const root = join(import.meta.dirname, "..");
const pages: Pages = {
  read: (path) => readFileSync(join(root, path), "utf8"),
  has: (path) => existsSync(join(root, path)),
};
const paths = globSync(["*.md", "{docs,examples,packaging,bench,test}/**/*.md"], { cwd: root }).toSorted();

const faults = [
  ...paths.flatMap((path) =>
    brokenLinks(path, pages.read(path) ?? "", pages).map(({ line, says }) => `${path}:${line}: ${says}`),
  ),
  ...unreachablePages(
    "README.md",
    paths.filter((path) => /^docs\/|^README/.test(path)),
    pages,
  ).map((path) => `${path}: no page links to it`),
];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
