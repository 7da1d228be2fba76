import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesOf, Gpg, inOneBlock, outcomeOf, policyFor } from "../test-support.ts";
import { verifyInRelease } from "../verify.ts";

const text = "Origin: test\n";
let gpg: Gpg;
let alice = "";
let primary = "";
let subkey = "";

beforeAll(() => {
  gpg = new Gpg();
  alice = gpg.makeKey("alice");
  gpg.makeKey("bob");
  gpg.makeKey("with-sub");
  gpg.addSubkey("with-sub");
  [primary = "", subkey = ""] = gpg.fingerprints("with-sub");
});
afterAll(() => gpg.close());

const asGpgPrints = (fingerprint: string): string => fingerprint.replaceAll(/(.{4})/g, "$1 ").trimEnd();

describe("if a subkey signed, signed_by", () => {
  test.each<[string, () => string[], string]>([
    ["nothing", () => [], "accepted"],
    ["its primary key", () => [primary], "accepted"],
    ["its primary key as gpg prints it", () => [asGpgPrints(primary)], "accepted"],
    ["its primary key in lower case", () => [primary.toLowerCase()], "accepted"],
    ["the subkey", () => [subkey], "accepted"],
    ["exactly the subkey", () => [`${subkey}!`], "accepted"],
    ["exactly its primary key", () => [`${primary}!`], "SIGNER_UNKNOWN"],
    ["another key", () => [alice], "SIGNER_UNKNOWN"],
    ["another key and its primary key", () => [alice, primary], "accepted"],
    ["only a key ID", () => [subkey.slice(-16)], "SIGNER_UNKNOWN"],
    ["an empty word", () => [""], "SIGNER_UNKNOWN"],
  ])("naming %s", async (_case, signedBy, expected) => {
    const policy = await policyFor([gpg.export("with-sub", "alice")], { signedBy: signedBy() });
    const file = bytesOf(gpg.clearsign(text, ["with-sub"]));
    expect(await outcomeOf(verifyInRelease(file, policy))).toBe(expected);
  });
});

test("a key that signed_by does not name is unknown: its bad signature is ignored", async () => {
  const file = bytesOf(inOneBlock(gpg.clearsign(text, ["alice"]), gpg.clearsign("evil\n", ["bob"])));
  const policy = await policyFor([gpg.export("alice", "bob")], { signedBy: [alice] });
  expect(await outcomeOf(verifyInRelease(file, policy))).toBe("accepted");
  expect(await outcomeOf(verifyInRelease(file, { ...policy, signedBy: [] }))).toBe("SIGNATURE_INVALID");
});
