/** Compares what mirrorctl and apt read from Debian's own Packages, which the machine's apt fetched and verified. */
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { PackagesReader, StanzaReader } from "../../src/repository/index.ts";
import { machineIndices, readList, runProgram } from "../support/index.ts";

/** Runs apt's own parser, pkgTagFile, with its Python binding: one line of fields for each stanza. */
const aptReader = `
import apt_pkg, sys
for stanza in apt_pkg.TagFile(sys.argv[1], True):
    source = (stanza.get("Source") or stanza["Package"]).split(b" ")[0]
    sys.stdout.buffer.write(b"\\t".join([source, *(stanza.get(name) or b"-" for name in sys.argv[2:])]) + b"\\n")
`;
const packageFields = [
  "Package",
  "Version",
  "Architecture",
  "Filename",
  "Size",
  "MD5sum",
  "SHA1",
  "SHA256",
  "SHA512",
];
const relations = [
  "package",
  "depends",
  "pre-depends",
  "provides",
  "conflicts",
  "breaks",
  "replaces",
  "multi-arch",
  "essential",
] as const;

/** A prime, so that chunks end at every place of a stanza. */
const chunkBytes = 16_381;

test("every package of Debian's archive is read as apt reads it", async ({ skip }) => {
  const found = await compareWithApt(packageFields, (source, chunks) => {
    const reader = new PackagesReader(source, { allowWeak: false });
    const records = [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
    return records.map(({ sourceName, name, version, architecture, file: { path, sizeBytes, digests } }) => {
      const { md5, sha1, sha256, sha512 } = digests;
      return [sourceName, name, version, architecture, path, sizeBytes, md5, sha1, sha256, sha512];
    });
  });
  if ("missing" in found) return skip(found.missing);
  expect(found.differences).toEqual([]);
  expect(found.packages).toBeGreaterThan(100);
});

test("the relations of every package are read as apt reads them", async ({ skip }) => {
  const found = await compareWithApt(relations, (source, chunks) => {
    const reader = new StanzaReader(source, { wanted: [...relations, "source"] });
    const records = [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
    return records.map((stanza) => {
      const [sourceName] = (stanza.get("source") ?? stanza.get("package") ?? "").split(" ");
      return [sourceName, ...relations.map((name) => stanza.get(name))];
    });
  });
  if ("missing" in found) return skip(found.missing);
  expect(found.differences).toEqual([]);
  expect(found.packages).toBeGreaterThan(100);
});

type Row = readonly (string | number | undefined)[];

/** Reads each index in chunks, and with apt. `missing` is the reason if there is no index. */
async function compareWithApt(
  fields: readonly string[],
  read: (source: string, chunks: readonly Buffer[]) => readonly Row[],
): Promise<
  { readonly missing: string } | { readonly packages: number; readonly differences: readonly object[] }
> {
  const indices = await machineIndices(join(import.meta.dirname, "../../.cache/machine-indices"));
  if (indices.kind === "none") return { missing: indices.reason };
  let packages = 0;
  const differences: object[] = [];
  for (const file of indices.files) {
    const bytes = await readList(file);
    const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, at) =>
      bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes),
    );
    const ours = read(basename(file), chunks).map((row) => row.map((value) => value ?? "-").join("\t"));
    const ofApt = await readWithApt(file, fields);
    const difference = firstDifference(ours, ofApt);
    if (difference !== undefined) differences.push({ file, ...difference });
    packages += ours.length;
  }
  return { packages, differences };
}

async function readWithApt(file: string, fields: readonly string[]): Promise<string[]> {
  const { exitCode, stdout, output } = await runProgram("python3", ["-c", aptReader, file, ...fields]);
  if (exitCode !== 0) throw new Error(`python3-apt cannot read ${file}: ${output.slice(-500)}`);
  return stdout.toString("latin1").trimEnd().split("\n");
}

/** Compares stanza by stanza: a report of tens of thousands of lines would take minutes. */
function firstDifference(ours: readonly string[], ofApt: readonly string[]): object | undefined {
  const length = Math.max(ours.length, ofApt.length);
  for (let at = 0; at < length; at++) {
    if (ours[at] !== ofApt[at]) return { stanza: at + 1, ours: ours[at], ofApt: ofApt[at] };
  }
  return undefined;
}
