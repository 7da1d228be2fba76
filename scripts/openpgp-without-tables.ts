import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/**
 * OpenPGP.js computes tables for ciphers and compression while it is loaded: 200,000 steps, which V8 runs as bytecode, and for
 * which it starts its optimizing compiler. A process that checks signatures never uses them. They took 7 MB and a tenth of the
 * time of a sync that finds nothing new.
 */
export const openpgpWithoutTables: Plugin = {
  name: "openpgp-without-tables",
  setup(build) {
    build.onLoad({ filter: /\/openpgp\/dist\/node\/openpgp\.mjs$/ }, async ({ path }) => ({
      contents: changes.reduce(change, await readFile(path, "utf8")),
    }));
  },
};

interface Change {
  readonly from: RegExp;
  readonly to: string;
  readonly times: number;
}

const changes: readonly Change[] = [
  // The tables of AES in JavaScript are made when they are first asked for. Each use takes the parts that it needs out of them.
  {
    from: /^const (tableEncoding|tableDecoding) = \/\* @__PURE__ \*\/ genTtable\((.*)\);$/gm,
    to: "let made$1; const $1 = new Proxy({}, { get: (_, name) => (made$1 ??= genTtable($2))[name] });",
    times: 2,
  },
  // fflate is for browsers that cannot decompress; Node can.
  {
    from: /^\/\/ DEFLATE is a complex format;[^]*?^var tds = 0;\n[^]*?^catch \(e\) \{ \}\n/gm,
    to: "",
    times: 1,
  },
  {
    from: /zlib\((getCompressionStreamInstantiators\('[a-z-]+'\)\.(?:de)?compressor), (?:Deflate|Inflate|Zlib|Unzlib)\)/g,
    to: "((data, config) => zlib($1)(data, config))",
    times: 4,
  },
];

/** Throws if a new version of OpenPGP.js is written otherwise: then look whether it still needs this. */
function change(text: string, { from, to, times }: Change): string {
  const found = text.match(from)?.length ?? 0;
  if (found !== times) throw new Error(`OpenPGP.js has ${found} places like ${from}, and not ${times}`);
  return text.replace(from, to);
}
