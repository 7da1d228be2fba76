/** What the generated pages of docs/ share. */
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";

/** Writes the page; with `--check` among the arguments, only fails unless the file already says the same. */
export async function keepPage(file: URL, text: string): Promise<void> {
  if (!process.argv.includes("--check")) return writeFile(file, text);
  if ((await readFile(file, "utf8")) === text) return;
  console.error(`docs/${basename(file.pathname)} is not what its source says: run \`make docs\``);
  process.exitCode = 1;
}

export const markdownTable = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => "---"), ...rows].map(tableRow).join("\n");

const tableRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
