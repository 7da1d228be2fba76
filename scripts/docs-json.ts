/** Writes docs/schemas and docs/json.md from src/report/json/schemas: `node scripts/docs-json.ts`. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { answers, type DeclaredAnswer } from "../src/report/json/schemas/index.ts";
import { keepPage, markdownTable } from "./generated-page.ts";
import { jsonSchemaOf } from "./json-schema.ts";

const docs = new URL("../docs/", import.meta.url);
const entries: readonly (readonly [string, DeclaredAnswer])[] = Object.entries(answers);

const introduction = `<!-- Written by scripts/docs-json.ts from src/report/json/schemas; change those instead. -->

# JSON

With \`--json\`, a command prints one JSON value on standard output when it ends. \`metrics\` and \`completion\` print their own
forms in any case. The exit status is the same as without it ([commands](commands.md#exit-status)). Logs, progress and errors go
to standard error, as one object a line; without \`--json\`, this form of the log is \`[log] format = "json"\`.

- A line of a long download or verification has the type \`progress\`: at most one a second for each mirror, and one at the
  end. \`--quiet\` and \`--log-level warn\` leave these lines out.

- Each schema is a [JSON Schema](https://json-schema.org/) (draft 2020-12). Tests check the output of every command against them.
- Later versions may add fields and kinds. They do not change the meaning of a field. The changelog names what is removed.
- A field that is not known, or does not apply, is left out. There is no \`null\`.
- Times are ISO 8601 in UTC with milliseconds. Sizes are in bytes, and their names end in \`Bytes\`; durations end in \`Ms\`.
- What has a \`kind\` is one of several shapes. Decide by \`kind\` and the fields beside it. \`message\` says the same in words, and
  words may change.`;

const page = `${introduction}

${markdownTable(
  ["Output of", "Schema"],
  entries.map(([name, { of }]) => [
    of.startsWith("mirrorctl") ? `\`${of} --json\`` : of,
    `[${name}](schemas/${fileOf(name)})`,
  ]),
)}
`;

function fileOf(name: string): string {
  return `${name}.schema.json`;
}

await keepPage(new URL("json.md", docs), page);
for (const [name, { schema, of }] of entries) {
  const text = JSON.stringify(jsonSchemaOf(schema, of), undefined, 2);
  await keepPage(new URL(`schemas/${fileOf(name)}`, docs), `${text}\n`);
}
const known = new Set(entries.map(([name]) => fileOf(name)));
const schemas = new URL("schemas/", docs).pathname;
for (const file of readdirSync(schemas)) {
  if (known.has(file)) continue;
  if (!process.argv.includes("--check")) rmSync(join(schemas, file));
  else {
    console.error(`docs/schemas/${file} describes no output: run \`make docs\``);
    process.exitCode = 1;
  }
}
