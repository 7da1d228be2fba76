/** Writes docs/configuration.md from the table of options: `node scripts/docs-configuration.ts`. */
import { readFile } from "node:fs/promises";
import { type DescribedTable, describedTables, rulesOfTheFile } from "./described-options.ts";
import { keepPage, markdownTable } from "./generated-page.ts";

const pageFile = new URL("../docs/configuration.md", import.meta.url);
const exampleFile = new URL("../examples/mirror.toml", import.meta.url);

/** Returns the reference page for administrators, as Markdown. */
export function configurationPage(example: string): string {
  const [top, ...tables] = describedTables();
  return [
    introduction,
    "## Top of the file",
    ...(top === undefined ? [] : [optionTable(top)]),
    ...tables.flatMap((table) => [`## \`${table.header}\``, table.help, optionTable(table)]),
    overrides,
    `## Example\n\n\`\`\`toml\n${example.trimEnd()}\n\`\`\`\n`,
  ].join("\n\n");
}

function optionTable({ options }: DescribedTable): string {
  const hasVariables = options.some(({ env }) => env !== undefined);
  const header = ["Key", "Value", "Default", ...(hasVariables ? ["Environment"] : []), "Meaning"];
  const rows = options.map((option) => [
    `\`${option.key}\``,
    option.type,
    option.default,
    ...(hasVariables ? [option.env === undefined ? "" : `\`${option.env}\``] : []),
    option.help,
  ]);
  return markdownTable(header, rows);
}

const introduction = `<!-- Written by scripts/docs-configuration.ts from the options in src/config; change those instead. -->

# Configuration

mirrorctl reads a file of [TOML](https://toml.io): \`/etc/mirrorctl/mirror.toml\`, or the one that \`--config\` or
\`MIRRORCTL_CONFIG\` names, and \`conf.d/*.toml\` beside it. \`mirrorctl check config\` reports every mistake at once, each with
its file and line, and looks at the keys, certificates and directories that they name. A key that is not described here is a mistake.

${rulesOfTheFile.map(({ label, text }) => `- **${label}** ${text}`).join("\n")}`;

const overrides = `## \`[mirrors.<id>.snapshot]\`, \`[mirrors.<id>.snapshot.prune]\`, \`[mirrors.<id>.publish]\`, \`[mirrors.<id>.gates]\`, \`[mirrors.<id>.tls]\`

The tables \`[snapshot]\`, \`[snapshot.prune]\`, \`[publish]\`, \`[gates]\` and \`[tls]\` for one mirror. A key that is set here wins over
the global one; the other keys keep their global values.`;

if (import.meta.main) {
  await keepPage(pageFile, configurationPage(await readFile(exampleFile, "utf8")));
}
