import * as fc from "fast-check";
import { expect, test } from "vitest";
import { askAptForFiles } from "../test-support.ts";
import { SourcesReader } from "./sources.ts";
import { stanzaOf } from "./stanzas.fixture.ts";

const lists = { Files: 32, "Checksums-Sha1": 40, "Checksums-Sha256": 64, "Checksums-Sha512": 128 } as const;
const ends = [".dsc", ".orig.tar.gz", ".orig-extra.tar.gz", ".orig.tar.gz.asc", "%3a+b~c.diff.gz"];

/** A source package with some of the lists for each file, a strong one among them. */
const sourceStanza = (name: string): fc.Arbitrary<string> => {
  const files = fc.tuple(
    ...ends.map((end, at) =>
      fc.record({
        line: fc.constant(`${100 + at} ${name}${end}`),
        strong: fc.subarray(["Checksums-Sha256", "Checksums-Sha512"], { minLength: 1 }),
        weak: fc.subarray(["Files", "Checksums-Sha1"]),
        digit: fc.constantFrom(..."0123456789abcdef".split("")),
      }),
    ),
  );
  const directory = fc.constantFrom(undefined, ".", "./", "/", "pool/x", "pool/x/", "./pool//x", "p%20/y+");
  const fold = fc.constantFrom("\n ", "\n\t", "\r\n  ", "\n \n ");
  return fc.tuple(files, directory, fold).chain(([listed, place, nextLine]) => {
    const fields = Object.entries(lists).map(([list, length]) => {
      const named = listed.filter(({ strong, weak }) => [...strong, ...weak].includes(list));
      const lines = named.map(({ digit, line }) => `${nextLine}${digit.repeat(length)} ${line}`);
      return [list, lines.join("")] as const;
    });
    return stanzaOf({
      Package: name,
      Version: "1",
      ...Object.fromEntries(fields.filter(([, text]) => text !== "")),
      ...(place === undefined ? {} : { Directory: place }),
    });
  });
};

const names = Array.from({ length: 15 }, (_, at) => `s${at}`);
const sources = fc.tuple(...names.map(sourceStanza)).map((stanzas) => stanzas.join(""));

test("reads what apt-get source downloads, from every layout and all lists", async () => {
  const property = fc.asyncProperty(sources, async (text) => {
    const reader = new SourcesReader("Sources", { allowWeak: false });
    const found = [...reader.push(Buffer.from(text, "latin1")), ...reader.end()];
    expect(found.map(({ name }) => name)).toEqual(names);
    const ours = found.flatMap(({ files }) =>
      files.map(({ path, sizeBytes, digests: { sha256, sha512 } }) => {
        const strongest = sha512 === undefined ? `SHA256:${sha256}` : `SHA512:${sha512}`;
        return `${path} ${sizeBytes} ${strongest}`;
      }),
    );
    const files = await askAptForFiles({ Sources: text }, ["source", "--download-only", ...names]);
    const tidy = files.map((line) => line.replace(/^(?:\.?\/)+/, "").replaceAll(/\/+/g, "/"));
    expect(ours.toSorted()).toEqual(tidy.toSorted());
  });
  await fc.assert(property, { numRuns: 3, endOnFailure: true });
});
