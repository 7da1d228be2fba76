/** Compares what mirrorctl and apt read from Debian's own Packages, which the machine's apt fetched and verified. */
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { type BinaryPackage, PackagesReader } from "../../src/repository/index.ts";
import { machineIndices, readList, runProgram } from "../support/index.ts";

/** Runs apt's own parser, pkgTagFile, with its Python binding: one line of fields for each stanza. */
const aptReader = `
import apt_pkg, sys
names = ["Package", "Version", "Architecture", "Filename", "Size", "MD5sum", "SHA1", "SHA256", "SHA512"]
for stanza in apt_pkg.TagFile(sys.argv[1], True):
    source = (stanza.get("Source") or stanza["Package"]).split(b" ")[0]
    sys.stdout.buffer.write(b"\\t".join([source, *(stanza.get(name) or b"-" for name in names)]) + b"\\n")
`;

/** A prime, so that chunks end at every place of a stanza. */
const chunkBytes = 16_381;

test("every package of Debian's archive is read as apt reads it", async ({ skip }) => {
  const indices = await machineIndices(join(import.meta.dirname, "../../.cache/machine-indices"));
  if (indices.kind === "none") return skip(indices.reason);
  let packages = 0;
  for (const file of indices.files) {
    const ours = await readPackages(file);
    const ofApt = await readWithApt(file);
    expect({ file, difference: firstDifference(ours, ofApt) }).toEqual({ file, difference: undefined });
    packages += ours.length;
  }
  expect(packages).toBeGreaterThan(100);
});

async function readPackages(file: string): Promise<string[]> {
  const reader = new PackagesReader(basename(file), { allowWeak: false });
  const bytes = await readList(file);
  const found: BinaryPackage[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    found.push(...reader.push(bytes.subarray(at, at + chunkBytes)));
  }
  found.push(...reader.end());
  return found.map(({ sourceName, name, version, architecture, file: { path, sizeBytes, digests } }) => {
    const { md5, sha1, sha256, sha512 } = digests;
    const fields = [sourceName, name, version, architecture, path, sizeBytes, md5, sha1, sha256, sha512];
    return fields.map((field) => field ?? "-").join("\t");
  });
}

async function readWithApt(file: string): Promise<string[]> {
  const { exitCode, stdout, output } = await runProgram("python3", ["-c", aptReader, file]);
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
