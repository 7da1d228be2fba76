import { join } from "node:path";
import { releaseSuite, writeIndex } from "./apt-ftparchive.ts";
import type { BuildDirectories, CompatibilityCase } from "./case.ts";
import { aptGetsSource } from "./clients.ts";
import { buildSource } from "./packages.ts";
import { tool } from "./tool.ts";

export const sourceCases: readonly CompatibilityCase[] = [
  {
    title: "sources in every format",
    madeBy: "dpkg-scansources",
    covers:
      "formats 1.0, 3.0 (native) and 3.0 (quilt) with two upstream tarballs and a detached signature; Directory absent, with a final slash, tidy; files that only some of Files and Checksums-* list",
    mirror: { suites: ["./"], sections: undefined, architectures: undefined, mirror_source: true },
    entry: "./",
    sources: ["at-base", "quilted", "native", "classic"],
    uses: [aptGetsSource("at-base", "quilted", "native", "classic")],
    build: buildSources,
  },
];

async function buildSources({ dir, workDir, gnupg }: BuildDirectories): Promise<void> {
  await buildSource(dir, "at-base", "3.0 (native)");
  await buildSource(join(dir, "q"), "quilted", "3.0 (quilt)");
  await buildSource(join(dir, "n"), "native", "3.0 (native)");
  await buildSource(join(dir, "c/classic"), "classic", "1.0");
  const text = (await tool("dpkg-scansources", ["."], { cwd: dir })).toString();
  await writeIndex(join(dir, "Packages"), "");
  await writeIndex(join(dir, "Sources"), edited(text));
  await releaseSuite(dir, workDir, {});
  await gnupg.signRelease(dir);
}

/** Changes to Sources as other generators write it: dpkg-scansources is tidy. */
function edited(text: string): string {
  const stanzas = new Map(
    text.split(/\n\n+/).map((stanza) => [/^Package: (.*)$/m.exec(stanza)?.[1], stanza]),
  );
  const edit = (name: string, pattern: RegExp, replacement: string): void => {
    const stanza = stanzas.get(name) ?? "";
    if (!pattern.test(stanza)) throw new Error(`the stanza of ${name} has no ${pattern}: ${stanza}`);
    stanzas.set(name, stanza.replace(pattern, replacement));
  };
  edit("at-base", /^Directory: \.\n/m, "");
  edit("native", /^Directory: .*$/m, "$&/");
  edit("quilted", /(^Files:[^:]*)\n .*\.asc$/m, "$1");
  edit("quilted", /(^Checksums-Sha1:[^:]*)\n .*orig-extra.*$/m, "$1");
  return [...stanzas.values()]
    .filter((stanza) => stanza.trim() !== "")
    .map((stanza) => `${stanza.trimEnd()}\n\n`)
    .join("");
}
