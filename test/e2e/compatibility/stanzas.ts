import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { releaseSuite } from "./apt-ftparchive.ts";
import type { BuildDirectories, CompatibilityCase } from "./case.ts";
import { aptInstalls } from "./clients.ts";
import { buildDeb } from "./packages.ts";
import { tool } from "./tool.ts";

/** Package and the form of its stanza: other text for the same fields. */
const layouts: Readonly<Record<string, (stanza: string) => string>> = {
  "blank-lines": (stanza) => `\n\n${stanza}\n\n\n`,
  carriage: (stanza) => stanza.replaceAll("\n", "\r\n"),
  "upper-case": (stanza) => stanza.replace(/^(Filename|Size|SHA256)/gm, (name) => name.toUpperCase()),
  "lower-case": (stanza) => stanza.replace(/^[\w-]+/gm, (name) => name.toLowerCase()),
  spaced: (stanza) => stanza.replace(/^(Filename|Size|SHA256): (.*)$/gm, "$1 :\t $2  "),
  folded: (stanza) => stanza.replace(/^(Filename|SHA256): /gm, "$1:\n "),
  "twice-named": (stanza) => stanza.replace(/^Filename: .*$/m, "Filename: pool/elsewhere.deb\n$&"),
  latin: (stanza) => stanza.replace(/^Maintainer: .*$/m, "Maintainer: Ren\xe9 <rene@example.org>"),
  "binary-bytes": (stanza) => stanza.replace(/^Maintainer: .*$/m, "Maintainer: \x01\x7f\xff\xfe"),
  "blank-continuation": (stanza) => stanza.replace(/^Filename/m, "X-Note: a\n   \nFilename"),
  merged: (stanza) => `Package: lost\nVersion: 9\n  \n${stanza}`,
  "said-again": (stanza) => `${stanza}\n${stanza}`,
};

export const stanzaCases: readonly CompatibilityCase[] = [
  {
    title: "Packages in every layout that apt reads",
    madeBy: "apt-ftparchive",
    covers:
      "CRLF, blank lines, field names in any case, folded fields, duplicate fields, bytes that are not UTF-8, a line of blanks between two stanzas, the same stanza twice",
    mirror: { suites: ["./"], sections: undefined, architectures: undefined },
    entry: "./",
    uses: [aptInstalls(...Object.keys(layouts))],
    build: (directories) => buildStanzas(directories, Object.keys(layouts), (text) => text),
  },
  {
    title: "Packages without a last newline",
    madeBy: "apt-ftparchive",
    covers: "suite /; the last line of the index ends with the file",
    mirror: { suites: ["/"], sections: undefined, architectures: undefined },
    entry: "/",
    uses: [aptInstalls("only")],
    build: (directories) => buildStanzas(directories, ["only"], (text) => text.trimEnd()),
  },
];

async function buildStanzas(
  { dir, workDir, gnupg }: BuildDirectories,
  names: readonly string[],
  finish: (text: string) => string,
): Promise<void> {
  for (const name of names) await buildDeb(join(dir, "pool"), name, "1.0-1");
  const text = (await tool("apt-ftparchive", ["packages", "pool"], { cwd: dir })).toString("latin1");
  const stanzas = text
    .trimEnd()
    .split("\n\n")
    .map((stanza) => `${stanza}\n\n`);
  const written = stanzas.map((stanza) => {
    const name = /^Package: (.*)$/m.exec(stanza)?.[1] ?? "";
    return layouts[name]?.(stanza) ?? stanza;
  });
  const bytes = Buffer.from(finish(written.join("")), "latin1");
  await writeFile(join(dir, "Packages"), bytes);
  await writeFile(join(dir, "Packages.gz"), gzipSync(bytes));
  await releaseSuite(dir, workDir, {});
  await gnupg.signRelease(dir);
}
