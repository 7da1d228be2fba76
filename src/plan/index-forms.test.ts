import { describe, expect, test } from "vitest";
import { releaseOf, select } from "./select-indices.fixture.ts";

describe("the forms of an index", () => {
  test("are listed fastest first, with the uncompressed entry apart", () => {
    const suffixes = ["", ".xz", ".lz4", ".bz2", ".lzma", ".gz", ".zst"];
    const names = suffixes.map((suffix) => `main/binary-amd64/Packages${suffix}`);
    const [index] = select(names).indices;
    expect(index?.plain).toEqual(releaseOf(names).files.get("main/binary-amd64/Packages"));
    expect(index?.compressed.map(({ compression, entry }) => [compression, entry.name])).toEqual(
      ["zst", "gz", "xz", "bz2", "lzma", "lz4"].map((suffix) => [
        suffix,
        `main/binary-amd64/Packages.${suffix}`,
      ]),
    );
  });

  test("may be a single one", () => {
    const [plain, packed] = select(["main/binary-amd64/Packages", "main/i18n/Translation-de.bz2"]).indices;
    expect([plain?.plain?.name, plain?.compressed]).toEqual(["main/binary-amd64/Packages", []]);
    expect([packed?.plain, packed?.compressed.map(({ compression }) => compression)]).toEqual([
      undefined,
      ["bz2"],
    ]);
  });
});
