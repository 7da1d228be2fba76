import * as fc from "fast-check";
import { expect, test } from "vitest";
import { askAptForFiles } from "../test-support.ts";
import { PackagesReader } from "./packages.ts";
import { stanzaOf } from "./stanzas.fixture.ts";

/** Paths as in Packages, as latin1 text. */
const paths = [
  "pool/p.deb",
  "a_1..2+b~c%3ad@e:1.deb",
  ".h/x y.deb",
  "p(a),b=[c]&d;e'!$*.deb",
  "gr\xc3\xb6\xc3\x9fe.deb",
];

const packages = fc
  .tuple(
    ...Array.from({ length: 30 }, (_, at) =>
      stanzaOf({
        Package: `p${at}`,
        Version: "1",
        Architecture: "all",
        Filename: `${at}/${paths[at % paths.length]}`,
        Size: String(1000 - at),
        SHA256: at.toString(16).padStart(64, "0"),
      }),
    ),
  )
  .map((stanzas) => stanzas.join(""));

test("reads the path, size and digest that apt downloads, from every layout", async () => {
  const property = fc.asyncProperty(packages, async (text) => {
    const reader = new PackagesReader("Packages", { allowWeak: false });
    const found = [...reader.push(Buffer.from(text, "latin1")), ...reader.end()];
    const names = found.map(({ name }) => name);
    expect(names).toEqual(Array.from({ length: 30 }, (_, at) => `p${at}`));
    const ours = found.map(({ file }) => `${file.path} ${file.sizeBytes} SHA256:${file.digests.sha256}`);
    expect(ours).toEqual(await askAptForFiles({ Packages: text }, ["download", ...names]));
  });
  await fc.assert(property, { numRuns: 3, endOnFailure: true });
});
