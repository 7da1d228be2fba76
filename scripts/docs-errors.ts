/** Writes docs/errors.md from the errors that the examples of test/errors raise: `node scripts/docs-errors.ts`. */
import { exitStatus } from "../src/report/errors.ts";
import { raiseAll, type ShownError } from "../test/errors/collect.ts";
import { statusMeanings } from "./command-help.ts";
import { keepPage } from "./generated-page.ts";

const introduction = `<!-- Written by scripts/docs-errors.ts from test/errors/examples; change those instead. -->

# Errors

Every error that mirrorctl can report. A test raises each one: the texts are what it printed, with example names, dates and
keys. The name of an error, such as \`trust/RELEASE_EXPIRED\`, does not change; it is in [JSON](json.md), and in the log with
\`--verbose-errors\`. [Troubleshooting](troubleshooting.md) has more about the common ones.

An error of one mirror does not stop the others. Nothing that is published changes because of an error.`;

const areas: Readonly<Record<string, string>> = {
  config: "The configuration, or a value of a flag",
  gate: "Gates and promotions",
  lock: "Locks",
  publish: "Public names",
  repository: "The metadata of an upstream",
  snapshot: "Snapshots",
  store: "The disk, and what is on it",
  trust: "Signatures, keys, dates and digests",
  upstream: "The connection to an upstream",
};

const shown = await raiseAll();
const sections = Object.entries(areas).flatMap(([area, title]) => {
  const errors = shown.filter(({ code }) => code.startsWith(`${area}/`));
  return [`## ${title}`, statusLine(errors), ...errors.map(section)];
});

function statusLine(errors: readonly ShownError[]): string {
  const status = errors[0]?.exitStatus;
  const [name] = Object.entries(exitStatus).find(([, value]) => value === status) ?? [];
  const meaning =
    name === undefined
      ? ""
      : ` (${statusMeanings[name as keyof typeof exitStatus].replace(/[.:;].*/, "").toLowerCase()})`;
  return `Exit status ${status}${meaning}.`;
}

function section({ code, message, items, hint }: ShownError): string {
  const lines = [...message.split("\n"), ...items, ...(hint ?? "").split("\n")];
  const [first = "", ...rest] = lines;
  const text = [`ERROR ${first}`, ...rest.map((line) => `      ${line}`)].join("\n");
  return `### ${code}\n\n\`\`\`text\n${text}\n\`\`\``;
}

await keepPage(
  new URL("../docs/errors.md", import.meta.url),
  `${[introduction, ...sections].join("\n\n")}\n`,
);
