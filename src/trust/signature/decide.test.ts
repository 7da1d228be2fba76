import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configuredKeyCases } from "../key/configured-keys.cases.ts";
import { outcomeOf } from "../test-support.ts";
import { algorithmCases } from "./algorithms.cases.ts";
import { everySigner, type SignedCase, Signers } from "./signers.fixture.ts";
import { validityCases } from "./validity.cases.ts";

let signers: Signers;

beforeAll(() => {
  signers = new Signers(everySigner);
}, 60_000);
afterAll(() => signers.close());

const cases = [...configuredKeyCases, ...algorithmCases, ...validityCases];

const files = new Map<SignedCase, string>();
/** Makes the file of a case once. */
function fileOf(each: SignedCase): string {
  const file = files.get(each) ?? each.make(signers);
  files.set(each, file);
  return file;
}

describe("a signature is judged as gpgv judges it, or more strictly: an InRelease signed", () => {
  test.each(cases)("$signed: $outcome", async (each) => {
    const { ring, outcome, gpgv, stricter } = each;
    const file = fileOf(each);
    expect(await outcomeOf(signers.verify(file, ring))).toBe(outcome);
    const statuses = signers.gpg.gpgv(signers.export(ring), file);
    expect(statuses.toSorted()).toEqual(gpgv.split(" ").toSorted());
    const gpgvAccepts = statuses.includes("GOODSIG") && !statuses.includes("BADSIG");
    expect(gpgvAccepts === (outcome === "accepted")).toBe(stricter === undefined);
  });
});

test.each(cases.filter(({ outcome }) => outcome === "accepted"))(
  "apt accepts what is accepted here: an InRelease signed $signed",
  (each) => {
    expect(signers.gpg.apt(signers.export(each.ring), fileOf(each))).toBe("accepted");
  },
);
