import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outcomeOf } from "../test-support.ts";
import { altered, type SignerName, Signers, text } from "./signers.fixture.ts";

let signers: Signers;

beforeAll(() => {
  signers = new Signers([
    "alice",
    "expired",
    "expired-sub",
    "expired-primary",
    "early",
    "revoked",
    "rsa1024",
  ]);
}, 60_000);
afterAll(() => signers.close());

const expiredNote = (keyId: string) => ({
  kind: "accepted",
  reason: expect.stringMatching(new RegExp(`^key 0x${keyId} expired on 2020-12-31T`)) as string,
  option: "allow_expired_keys",
});

/** Accepts what a key signed before it expired, as Debian 13's apt does: archived suites have nothing better. */
describe("if expired keys are allowed, an InRelease", () => {
  const allowed = { allow: { future: false, expiredKeys: true } };
  test("is accepted with a warning if its key or the primary expired since it signed", async () => {
    const { notes, signedBy } = await signers.verify(signers.in2020By("expired"), ["expired"], allowed);
    expect(notes).toEqual([expiredNote(signers.idOf("expired"))]);
    expect(signedBy).toHaveLength(1);
    for (const name of ["expired-sub", "expired-primary"] as const) {
      const { notes: others } = await signers.verify(signers.in2020By(name), [name], allowed);
      expect(others).toEqual([expiredNote(signers.gpg.fingerprints(name)[1]?.slice(-16) ?? "")]);
    }
  });

  test.each<[string, SignerName, () => string, string]>([
    ["its key is revoked", "revoked", () => signers.beforeRevocation("revoked"), "KEY_REVOKED"],
    ["its bytes are others", "expired", () => altered(signers.in2020By("expired")), "SIGNATURE_INVALID"],
    [
      "its digest is weak",
      "expired",
      () => signers.in2020By("expired", "--digest-algo", "SHA1"),
      "DIGEST_WEAK",
    ],
    ["its signature expired", "alice", () => signers.shortLived("alice"), "SIGNATURE_EXPIRED"],
    ["its key is weak", "rsa1024", () => signers.by("rsa1024"), "KEY_WEAK"],
  ])("is still refused if %s", async (_case, key, make, outcome) => {
    expect(await outcomeOf(signers.verify(make(), [key], allowed))).toBe(outcome);
  });
});

describe("if dates in the future are allowed, an InRelease", () => {
  const allowed = { allow: { future: true, expiredKeys: false } };
  const in2099 = "20990101T000000";

  test("is accepted with a warning if signed in the future, also by a future key", async () => {
    for (const name of ["alice", "early"] as const) {
      const file = signers.gpg.clearsign(text, [name], in2099);
      expect(await outcomeOf(signers.verify(file, [name]))).toBe("SIGNATURE_FUTURE");
      const { notes } = await signers.verify(file, [name], allowed);
      expect(notes).toEqual([
        { kind: "accepted", reason: expect.stringMatching(/is dated 2099-01-01T/), option: "allow_future" },
      ]);
    }
  });

  test("is still refused if its bytes differ, or its key has expired", async () => {
    const file = altered(signers.gpg.clearsign(text, ["alice"], in2099));
    expect(await outcomeOf(signers.verify(file, ["alice"], allowed))).toBe("SIGNATURE_INVALID");
    expect(await outcomeOf(signers.verify(signers.in2020By("expired"), ["expired"], allowed))).toBe(
      "KEY_EXPIRED",
    );
  });
});
