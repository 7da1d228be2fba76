/**
 * Fails on words and test titles that CONTRIBUTING.md asks to write in a plainer way, with file, line and what to write:
 * `node scripts/language.ts`, or with folders and files only those.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { checkLanguage } from "./language/check-language.ts";

const root = join(import.meta.dirname, "..");
const checked = [
  "src",
  "test",
  "docs",
  "scripts",
  "bench",
  "examples",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "Makefile",
  "README.md",
];
/** The list itself with its tests, and data. */
const exempt = /^scripts\/language\/|^test\/(?:fixtures|fuzz\/(?:corpus|fixtures))\//;

const isText = (path: string): boolean => /(?:\.(?:ts|cjs|md|sh|toml)|Makefile)$/.test(path);

function filesOf(path: string): readonly string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  const names = readdirSync(join(root, path), { recursive: true, encoding: "utf8" });
  return names.map((name) => `${path.replace(/\/$/, "")}/${name}`);
}

const asked = process.argv.slice(2);
const paths = (asked.length > 0 ? asked : checked)
  .flatMap(filesOf)
  .filter((path) => isText(path) && !exempt.test(path));
const findings = paths.flatMap((path) =>
  checkLanguage(path, readFileSync(join(root, path), "utf8")).map(
    ({ line, says }) => `${path}:${line}: ${says}`,
  ),
);
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
