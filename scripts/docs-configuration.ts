/** Writes docs/configuration.md from the table of options: `node scripts/docs-configuration.ts`. */
import { readFile } from "node:fs/promises";
import type { Option, Table } from "../src/config/options/option.ts";
import { configTable } from "../src/config/options/options.ts";
import { keepPage, markdownTable } from "./generated-page.ts";

const pageFile = new URL("../docs/configuration.md", import.meta.url);
const exampleFile = new URL("../examples/mirror.toml", import.meta.url);

/** Returns the reference page for administrators, as Markdown. */
export function configurationPage(example: string): string {
  const mirrors = configTable.entries.mirrors.table;
  return [
    introduction,
    "## Top of the file",
    optionTable(configTable),
    ...Object.entries(configTable.entries).flatMap(([key, entry]) =>
      entry.kind === "table" ? section(key, entry) : [],
    ),
    ...section("mirrors.<id>", mirrors),
    overrides,
    `## Example\n\n\`\`\`toml\n${example.trimEnd()}\n\`\`\`\n`,
  ].join("\n\n");
}

/** Describes a table and those below it, without tables that are described as global ones. */
function section(name: string, table: Table): string[] {
  const shared = new Set<unknown>(name.startsWith("mirrors.") ? Object.values(configTable.entries) : []);
  const below = Object.entries(table.entries).flatMap(([key, entry]) =>
    entry.kind === "table" && !shared.has(entry) ? section(`${name}.${key}`, entry) : [],
  );
  return [`## \`[${name}]\``, table.help, optionTable(table), ...below];
}

function optionTable(table: Table): string {
  const options = Object.entries(table.entries).filter(([, entry]) => entry.kind === "option") as [
    string,
    Option,
  ][];
  const hasVariables = options.some(([, option]) => option.env !== undefined);
  const header = ["Key", "Value", "Default", ...(hasVariables ? ["Environment"] : []), "Meaning"];
  const rows = options.map(([key, option]) => [
    `\`${key}\``,
    option.type,
    defaultOf(option),
    ...(hasVariables ? [option.env === undefined ? "" : `\`${option.env}\``] : []),
    option.help,
  ]);
  return markdownTable(header, rows);
}

function defaultOf(option: Option): string {
  if (option.required === true) return "required";
  if (option.defaultText !== undefined) return option.defaultText;
  return option.default === undefined ? "unset" : `\`${JSON.stringify(option.default)}\``;
}

const introduction = `<!-- Written by scripts/docs-configuration.ts from the options in src/config; change those instead. -->

# Configuration

mirrorctl reads one file of [TOML](https://toml.io): \`/etc/mirrorctl/mirror.toml\`, or the one that \`--config\` or
\`MIRRORCTL_CONFIG\` names. \`mirrorctl check config\` reports every mistake in it at once, each with its line, and looks at
the keys, certificates and directories that it names. A key that is not described here is a mistake.

- **Order of precedence.** Flags of a command win over the environment, and the environment over the file. A variable
  replaces the global key, so a key in the table of a mirror still applies to that mirror. An empty variable counts as not
  set. Lists are written with commas; true and false may be written 1 and 0.
- **Empty values.** In \`[log]\`, \`[tls]\` and \`[snapshot]\`, \`""\` counts as not set, and so do empty lists of
  sections and architectures, as flat repositories have them.
- **Variables** such as \`$(ARCH)\` are not replaced; \`url\` and \`suites\` must not contain one.
- **Paths.** \`~/\` is the home directory of the user who runs mirrorctl. \`dir\` and the \`path\` of snapshots are
  absolute; the path of any other file may be relative to the folder of the configuration file.
- **Credentials** of upstreams, and proxies: see [upstreams](upstreams.md).
- **Durations** are numbers with units: \`ns\`, \`us\`, \`ms\`, \`s\`, \`m\`, \`h\`, \`d\` (24 hours) and \`w\`, as in
  \`30d\`, \`1.5h\` or \`2h30m\`.
- **Layouts of time** are those of Go: they show how Monday, 2 January 2006, 15:04:05 would be written. Times are in
  UTC. \`2006-01-02\` makes one name a day: a second snapshot of that day is \`2026-11-02-2\`, the next \`2026-11-02-3\`.`;

const overrides = `## \`[mirrors.<id>.snapshot]\`, \`[mirrors.<id>.snapshot.prune]\`, \`[mirrors.<id>.publish]\`, \`[mirrors.<id>.gates]\`, \`[mirrors.<id>.tls]\`

The tables \`[snapshot]\`, \`[snapshot.prune]\`, \`[publish]\`, \`[gates]\` and \`[tls]\` for one mirror. A key that is set here wins over
the global one; the other keys keep their global values.`;

if (import.meta.main) {
  await keepPage(pageFile, configurationPage(await readFile(exampleFile, "utf8")));
}
