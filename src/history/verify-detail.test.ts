import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatVerifyDetail, parseVerifyDetail, type VerifyDetail } from "./verify-detail.ts";

const damage: VerifyDetail = {
  kind: "checked",
  deep: true,
  partial: false,
  files: 120,
  damaged: 2,
  damagedPaths: ["pool/a.deb"],
  repairedPaths: ["pool/b.deb"],
  faults: ["signed by unknown key\n0x1"],
};

test.each<[VerifyDetail, string]>([
  [
    damage,
    "2 of 120 files damaged, 1 repaired (every file read)\n- pool/a.deb\n+ pool/b.deb\n! signed by unknown key 0x1",
  ],
  [
    { ...damage, deep: false, files: 1, damaged: 0, damagedPaths: [], repairedPaths: [], faults: [] },
    "0 of 1 file damaged (sizes compared)",
  ],
  [
    { ...damage, partial: true, damaged: 1, damagedPaths: [], repairedPaths: [] },
    "1 of 120 files damaged (every file read, some not looked at)\n! signed by unknown key 0x1",
  ],
  [
    { kind: "shared", deep: true, from: "one of noble", damagedPaths: ["pool/a.deb"] },
    "1 file damaged, shared with one of noble (every file read)\n- pool/a.deb",
  ],
  [
    { kind: "mended", from: "(working mirror) of noble", repairedPaths: ["a", "b"] },
    "2 files repaired, shared with (working mirror) of noble\n+ a\n+ b",
  ],
])("%j is written as %j", (detail, text) => {
  expect(formatVerifyDetail(detail)).toBe(text);
});

const anyLine = fc.stringMatching(/^[ -~é]{1,40}$/);
const anyLines = fc.array(anyLine, { maxLength: 5 });
const anyDetail: fc.Arbitrary<VerifyDetail> = fc.oneof(
  fc.record({
    kind: fc.constant("checked" as const),
    deep: fc.boolean(),
    partial: fc.boolean(),
    files: fc.nat(),
    damaged: fc.nat(),
    damagedPaths: anyLines,
    repairedPaths: anyLines,
    faults: anyLines,
  }),
  fc.record({
    kind: fc.constant("shared" as const),
    deep: fc.boolean(),
    from: anyLine,
    damagedPaths: anyLines,
  }),
  fc.record({ kind: fc.constant("mended" as const), from: anyLine, repairedPaths: anyLines }),
);

test("what is written is what is read", () => {
  fc.assert(
    fc.property(anyDetail, (detail) => {
      expect(parseVerifyDetail(formatVerifyDetail(detail))).toEqual(detail);
    }),
  );
});

test("of a tree that lost everything a thousand paths are listed, and all are counted", () => {
  const damagedPaths = Array.from({ length: 5_000 }, (_, index) => `pool/${index}.deb`);
  const text = formatVerifyDetail({ ...damage, damaged: 5_000, damagedPaths });
  expect(parseVerifyDetail(text)).toMatchObject({
    damaged: 5_000,
    damagedPaths: damagedPaths.slice(0, 1_000),
  });
});

test.each(["", "one: 1 repaired, 2 not", "something else\n- pool/a.deb"])(
  "%j, which another version may have written, is not taken for anything",
  (text) => {
    expect(parseVerifyDetail(text)).toBeUndefined();
  },
);
