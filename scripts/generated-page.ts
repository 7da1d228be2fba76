/** Helpers for the generated pages of docs/. */
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";

/** Writes the page. With `--check` among the arguments, writes nothing and fails if the file differs. */
export async function keepPage(file: URL, text: string): Promise<void> {
  if (!process.argv.includes("--check")) return writeFile(file, text);
  if ((await readFile(file, "utf8")) === text) return;
  console.error(`docs/${basename(file.pathname)} is out of date: run \`make docs\``);
  process.exitCode = 1;
}

export const markdownTable = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => "---"), ...rows].map(tableRow).join("\n");

const tableRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
