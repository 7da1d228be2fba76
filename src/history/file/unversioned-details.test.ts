import { expect, test } from "vitest";
import type { HistoryDetails } from "../details.ts";
import type { HistoryAction } from "../entry.ts";
import { detailsOfText } from "./unversioned-details.ts";

const checked = {
  kind: "checked",
  deep: true,
  partial: false,
  files: 120,
  damaged: 2,
  damagedPaths: ["pool/a.deb"],
  repairedPaths: ["pool/b.deb"],
  faults: ["signed by unknown key 0x1"],
} as const;

test.each<[HistoryAction, string, HistoryDetails]>([
  [
    "verify",
    "2 of 120 files damaged, 1 repaired (every file read)\n- pool/a.deb\n+ pool/b.deb\n! signed by unknown key 0x1",
    checked,
  ],
  [
    "verify",
    "0 of 1 file damaged (sizes compared)",
    { ...checked, deep: false, files: 1, damaged: 0, damagedPaths: [], repairedPaths: [], faults: [] },
  ],
  [
    "verify",
    "1 of 120 files damaged (every file read, some not looked at)\n! signed by unknown key 0x1",
    { ...checked, partial: true, damaged: 1, damagedPaths: [], repairedPaths: [] },
  ],
  [
    "verify",
    "1 file damaged, shared with one of noble (every file read)\n- pool/a.deb",
    {
      kind: "damage-shared",
      deep: true,
      from: "one of noble",
      damaged: 1,
      damagedPaths: ["pool/a.deb"],
    },
  ],
  [
    "verify",
    "2 files repaired, shared with (working mirror) of noble\n+ a\n+ b",
    { kind: "repair-shared", from: "(working mirror) of noble", repaired: 2, repairedPaths: ["a", "b"] },
  ],
  ["create", "2 packages, 1.2 kB\ncontents noble 0123", { kind: "created", contents: "noble 0123" }],
  ["unlink", "production", { kind: "unlinked", link: "production" }],
])("reads the details of %s: %j", (action, text, details) => {
  expect(detailsOfText(action, text)).toEqual(details);
});

test.each<[HistoryAction, string]>([
  ["verify", ""],
  ["verify", "one: 1 repaired, 2 not"],
  ["verify", "something else\n- pool/a.deb"],
  ["create", "2 packages, 1.2 kB"],
  ["unlink", "somewhere"],
  ["sync", "contents noble 0123"],
])("finds no details of %s in %j", (action, text) => {
  expect(detailsOfText(action, text)).toBeUndefined();
});
