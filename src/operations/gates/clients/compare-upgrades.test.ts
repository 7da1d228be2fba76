import { expect, test } from "vitest";
import { lossesOf, type Upgrade } from "./compare-upgrades.ts";

interface Outcome {
  readonly upgraded?: Readonly<Record<string, string>>;
  readonly removed?: readonly string[];
  readonly keptBack?: readonly string[];
  readonly offers?: Readonly<Record<string, readonly string[]>>;
}

const upgradeOf = ({ upgraded = {}, removed = [], keptBack = [], offers = {} }: Outcome): Upgrade => ({
  changes: [
    ...Object.entries(upgraded).map(([name, to]) => ({ name, from: "1", to })),
    ...removed.map((name) => ({ name, from: "1", to: undefined })),
  ],
  keptBack,
  offers: new Map(Object.entries(offers)),
});

/** What the machine has: all at version 1, and "held" on hold. */
const installed = ["libc6", "nginx", "tool", "held"].map((name) => ({
  name,
  version: "1",
  isHeld: name === "held",
}));

function compare(
  staged: Outcome,
  production: Outcome | "nothing" = {},
  allowRemove: readonly string[] = [],
): readonly string[] {
  const before = production === "nothing" ? undefined : upgradeOf(production);
  return lossesOf({ installed, staged: upgradeOf(staged), production: before, allowRemove }).map(
    ({ loss, name, version, offered = "-" }) => `${loss} ${name} ${version} ${offered}`,
  );
}

test("an upgrade to newer versions alone has no loss", () => {
  expect(compare({ upgraded: { nginx: "2", new: "1" }, offers: { nginx: ["1", "2"] } })).toEqual([]);
});

test("a removal is a loss unless it is allowed, or production does it too", () => {
  const staged = { removed: ["nginx", "tool"] };
  expect(compare(staged)).toEqual(["removed nginx 1 -", "removed tool 1 -"]);
  expect(compare(staged, { removed: ["nginx"] })).toEqual(["removed tool 1 -"]);
  expect(compare(staged, {}, ["t*l", "nginx-*"])).toEqual(["removed nginx 1 -"]);
});

test("a package that is kept back is a loss, except as in production or on hold", () => {
  const staged = { keptBack: ["nginx", "tool", "held"], offers: { nginx: ["2"], tool: ["3", "2"] } };
  expect(compare(staged)).toEqual(["kept-back nginx 1 2", "kept-back tool 1 3"]);
  expect(compare(staged, { keptBack: ["nginx"] })).toEqual(["kept-back tool 1 3"]);
});

test("a downgrade is what production offers and the snapshot has only older", () => {
  const staged = { offers: { nginx: ["0.9"], tool: ["1.5"] } };
  expect(compare(staged, { offers: { nginx: ["1", "0.9"], tool: ["1.5"] } })).toEqual([
    "downgraded nginx 1 0.9",
  ]);
  expect(compare(staged, { upgraded: { tool: "2" }, offers: { tool: ["2"] } })).toEqual([
    "downgraded tool 2 1.5",
  ]);
});

test("a package that is not offered, or that production removes, is not downgraded", () => {
  expect(compare({ offers: { nginx: ["0.9"] } }, { offers: { nginx: ["0.9"] } })).toEqual([]);
  expect(compare({ offers: {} }, { offers: { nginx: ["1"] } })).toEqual([]);
  expect(compare({ offers: { nginx: ["0.9"] } }, { removed: ["nginx"], offers: { nginx: ["1"] } })).toEqual(
    [],
  );
});

test("without production, all but downgrades counts", () => {
  const staged = { removed: ["libc6"], keptBack: ["tool"], offers: { nginx: ["0.9"], tool: ["2"] } };
  expect(compare(staged, "nothing")).toEqual(["removed libc6 1 -", "kept-back tool 1 2"]);
});
