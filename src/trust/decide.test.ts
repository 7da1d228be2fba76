import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SignaturePolicy } from "./policy.ts";
import { bytesOf, Gpg, inOneBlock, outcomeOf, policyFor } from "./test-support.ts";
import { type VerifiedRelease, verifyInRelease } from "./verify.ts";

const text = "Origin: test\nSuite: stable\n";
const in2020 = { at: "20200101T000000" };
let gpg: Gpg;
/** Made while the keys were good: gpg does not sign with a revoked key. */
const signedBeforeRevocation = new Map<string, string>();

beforeAll(() => {
  gpg = new Gpg();
  gpg.makeKey("alice", "ed25519", in2020);
  for (const name of ["bob", "mallory", "revoked"]) gpg.makeKey(name);
  for (const name of ["rsa2048", "rsa1024", "nistp256", "brainpoolP256r1", "secp256k1"])
    gpg.makeKey(name, name);
  gpg.makeKey("dsa", "dsa2048");
  gpg.makeKey("sha1-bound", "rsa2048", { args: ["--cert-digest-algo", "SHA1"] });
  gpg.makeKey("expired", "ed25519", { ...in2020, expires: "1y" });
  for (const name of ["with-sub", "expired-sub", "revoked-sub", "revoked-primary"]) {
    gpg.makeKey(name, "ed25519", in2020);
    gpg.addSubkey(name, { ...in2020, expires: name === "expired-sub" ? "1y" : "never" });
  }
  gpg.makeKey("expired-primary", "ed25519", { ...in2020, expires: "1y" });
  gpg.addSubkey("expired-primary", in2020);
  for (const name of ["revoked", "revoked-sub", "revoked-primary"])
    signedBeforeRevocation.set(name, gpg.clearsign(text, [name]));
  for (const name of ["revoked", "revoked-primary"]) gpg.revoke(name);
  gpg.revokeSubkey("revoked-sub");
}, 60_000);
afterAll(() => gpg.close());

const primaryOf = (name: string): string => gpg.fingerprints(name)[0] ?? "";
const idOf = (name: string): string => primaryOf(name).slice(-16);
const verifyBy = async (
  file: string,
  keys: readonly string[],
  options: Partial<SignaturePolicy> = {},
): Promise<VerifiedRelease> =>
  verifyInRelease(bytesOf(file), await policyFor([gpg.export(...keys)], options));

const by = (...signers: string[]): string => gpg.clearsign(text, signers);
const altered = (file: string): string => file.replace("stable", "evil");
const in2020By = (signer: string, ...args: string[]): string =>
  gpg.clearsign(text, [signer], "20200601T000000", ...args);
const beforeRevocation = (name: string): string => signedBeforeRevocation.get(name) ?? "";
const withDigest = (digest: string): string =>
  gpg.clearsign(text, ["rsa2048"], undefined, "--digest-algo", digest);
const shortLived = (signer: string): string => in2020By(signer, "--default-sig-expire", "1d");
/** Good by alice, with a signature by another over another text. */
const goodAndBadBy = (signer: string): string =>
  inOneBlock(by("alice"), gpg.clearsign(altered(text), [signer]));

interface Row {
  readonly signed: string;
  /** Keys in the ring. */
  readonly ring: readonly string[];
  readonly make: () => string;
  readonly outcome: string;
  /** What gpgv says of each signature. It stands for a file where one is GOODSIG and none BADSIG. */
  readonly gpgv: string;
  /** Why the outcome is another than that of gpgv. */
  readonly stricter?: string;
}

const weakKey = "apt refuses such keys since its version 2.9.2, gpgv itself does not";
const oddCurve = "no repository signs on such a curve, and the OpenPGP library cannot verify on it";
const rows: readonly Row[] = [
  {
    signed: "by a configured key",
    ring: ["alice"],
    make: () => by("alice"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "by two configured keys",
    ring: ["alice", "bob"],
    make: () => by("alice", "bob"),
    outcome: "accepted",
    gpgv: "GOODSIG GOODSIG",
  },
  {
    signed: "by a configured and an unknown key",
    ring: ["alice"],
    make: () => by("alice", "bob"),
    outcome: "accepted",
    gpgv: "GOODSIG ERRSIG",
  },
  {
    signed: "by an unknown and a configured key",
    ring: ["bob"],
    make: () => by("alice", "bob"),
    outcome: "accepted",
    gpgv: "ERRSIG GOODSIG",
  },
  {
    signed: "by an unknown key only",
    ring: ["bob"],
    make: () => by("alice"),
    outcome: "SIGNER_UNKNOWN",
    gpgv: "ERRSIG",
  },
  {
    signed: "by a configured key, then altered",
    ring: ["alice"],
    make: () => altered(by("alice")),
    outcome: "SIGNATURE_INVALID",
    gpgv: "BADSIG",
  },
  {
    signed: "by an unknown key, then altered",
    ring: ["bob"],
    make: () => altered(by("alice")),
    outcome: "SIGNER_UNKNOWN",
    gpgv: "ERRSIG",
  },
  {
    signed: "well, and badly by another configured key",
    ring: ["alice", "bob"],
    make: () => goodAndBadBy("bob"),
    outcome: "SIGNATURE_INVALID",
    gpgv: "GOODSIG BADSIG",
  },
  {
    signed: "well and badly by one key",
    ring: ["alice"],
    make: () => goodAndBadBy("alice"),
    outcome: "SIGNATURE_INVALID",
    gpgv: "GOODSIG BADSIG",
  },
  {
    signed: "well, and badly by an unknown key",
    ring: ["alice"],
    make: () => goodAndBadBy("bob"),
    outcome: "accepted",
    gpgv: "GOODSIG ERRSIG",
  },
  {
    signed: "by RSA of 2048 bits",
    ring: ["rsa2048"],
    make: () => by("rsa2048"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "by ECDSA on P-256",
    ring: ["nistp256"],
    make: () => by("nistp256"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "by ECDSA on a Brainpool curve",
    ring: ["brainpoolP256r1"],
    make: () => by("brainpoolP256r1"),
    outcome: "KEY_UNUSABLE",
    gpgv: "GOODSIG",
    stricter: oddCurve,
  },
  {
    signed: "by RSA of 1024 bits",
    ring: ["rsa1024"],
    make: () => by("rsa1024"),
    outcome: "KEY_WEAK",
    gpgv: "GOODSIG",
    stricter: weakKey,
  },
  {
    signed: "by DSA",
    ring: ["dsa"],
    make: () => by("dsa"),
    outcome: "KEY_WEAK",
    gpgv: "GOODSIG",
    stricter: weakKey,
  },
  {
    signed: "by ECDSA on secp256k1",
    ring: ["secp256k1"],
    make: () => by("secp256k1"),
    outcome: "KEY_UNUSABLE",
    gpgv: "GOODSIG",
    stricter: oddCurve,
  },
  {
    signed: "by a weak key, then altered",
    ring: ["rsa1024"],
    make: () => altered(by("rsa1024")),
    outcome: "SIGNATURE_INVALID",
    gpgv: "BADSIG",
  },
  {
    signed: "with MD5",
    ring: ["rsa2048"],
    make: () => withDigest("MD5"),
    outcome: "DIGEST_WEAK",
    gpgv: "ERRSIG",
  },
  {
    signed: "with SHA-1",
    ring: ["rsa2048"],
    make: () => withDigest("SHA1"),
    outcome: "DIGEST_WEAK",
    gpgv: "GOODSIG",
    stricter: "apt refuses it, gpgv itself does not",
  },
  {
    signed: "with RIPEMD-160",
    ring: ["rsa2048"],
    make: () => withDigest("RIPEMD160"),
    outcome: "DIGEST_WEAK",
    gpgv: "GOODSIG",
    stricter: "Debian 13 refuses it",
  },
  {
    signed: "with SHA-224",
    ring: ["rsa2048"],
    make: () => withDigest("SHA224"),
    outcome: "DIGEST_WEAK",
    gpgv: "GOODSIG",
    stricter: "Debian 13 refuses it",
  },
  {
    signed: "with SHA-384",
    ring: ["rsa2048"],
    make: () => withDigest("SHA384"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "with SHA-1, then altered",
    ring: ["rsa2048"],
    make: () => altered(withDigest("SHA1")),
    outcome: "SIGNATURE_INVALID",
    gpgv: "BADSIG",
  },
  {
    signed: "well, and badly with SHA-1 by another",
    ring: ["rsa2048", "alice"],
    make: () =>
      inOneBlock(by("alice"), gpg.clearsign("evil\n", ["rsa2048"], undefined, "--digest-algo", "SHA1")),
    outcome: "SIGNATURE_INVALID",
    gpgv: "GOODSIG BADSIG",
  },
  {
    signed: "with SHA-1, and well by another",
    ring: ["rsa2048", "alice"],
    make: () => inOneBlock(by("alice"), withDigest("SHA1")),
    outcome: "accepted",
    gpgv: "GOODSIG GOODSIG",
  },
  {
    signed: "by a key that expired since",
    ring: ["expired"],
    make: () => in2020By("expired"),
    outcome: "KEY_EXPIRED",
    gpgv: "EXPKEYSIG",
  },
  {
    signed: "by an expired key, then altered",
    ring: ["expired"],
    make: () => altered(in2020By("expired")),
    outcome: "SIGNATURE_INVALID",
    gpgv: "BADSIG",
  },
  {
    signed: "by an expired key, and well by another",
    ring: ["expired", "alice"],
    make: () => inOneBlock(by("alice"), in2020By("expired")),
    outcome: "accepted",
    gpgv: "GOODSIG EXPKEYSIG",
  },
  {
    signed: "by a subkey that expired since",
    ring: ["expired-sub"],
    make: () => in2020By("expired-sub"),
    outcome: "KEY_EXPIRED",
    gpgv: "EXPKEYSIG",
  },
  {
    signed: "by a revoked key",
    ring: ["revoked"],
    make: () => beforeRevocation("revoked"),
    outcome: "KEY_REVOKED",
    gpgv: "REVKEYSIG",
  },
  {
    signed: "by a revoked key, and well by another",
    ring: ["revoked", "alice"],
    make: () => inOneBlock(by("alice"), beforeRevocation("revoked")),
    outcome: "accepted",
    gpgv: "GOODSIG REVKEYSIG",
  },
  {
    signed: "by a revoked subkey",
    ring: ["revoked-sub"],
    make: () => beforeRevocation("revoked-sub"),
    outcome: "KEY_REVOKED",
    gpgv: "REVKEYSIG",
  },
  {
    signed: "by a subkey of a revoked key",
    ring: ["revoked-primary"],
    make: () => beforeRevocation("revoked-primary"),
    outcome: "KEY_REVOKED",
    gpgv: "REVKEYSIG",
  },
  {
    signed: "by a subkey of a key that expired since",
    ring: ["expired-primary"],
    make: () => in2020By("expired-primary"),
    outcome: "KEY_EXPIRED",
    gpgv: "EXPKEYSIG",
  },
  {
    signed: "by a primary key whose subkey is revoked",
    ring: ["revoked-sub"],
    make: () => by(`${primaryOf("revoked-sub")}!`),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "by a subkey",
    ring: ["with-sub"],
    make: () => by("with-sub"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "for a day that is over",
    ring: ["alice"],
    make: () => shortLived("alice"),
    outcome: "SIGNATURE_EXPIRED",
    gpgv: "EXPSIG",
  },
  {
    signed: "for a day that is over, and well by another",
    ring: ["alice", "bob"],
    make: () => inOneBlock(by("bob"), shortLived("alice")),
    outcome: "accepted",
    gpgv: "GOODSIG EXPSIG",
  },
  {
    signed: "for two days",
    ring: ["alice"],
    make: () => gpg.clearsign(text, ["alice"], undefined, "--default-sig-expire", "2d"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "in the future",
    ring: ["alice"],
    make: () => gpg.clearsign(text, ["alice"], "20990101T000000"),
    outcome: "SIGNATURE_FUTURE",
    gpgv: "GOODSIG",
    stricter: "one of the clocks is wrong",
  },
  {
    signed: "in the future, then altered",
    ring: ["alice"],
    make: () => altered(gpg.clearsign(text, ["alice"], "20990101T000000")),
    outcome: "SIGNATURE_INVALID",
    gpgv: "BADSIG",
  },
  {
    signed: "before its key was made",
    ring: ["bob"],
    make: () =>
      gpg.clearsign(text, ["bob"], "20200101T000000", "--ignore-time-conflict", "--ignore-valid-from"),
    outcome: "KEY_UNUSABLE",
    gpgv: "ERRSIG",
  },
  {
    signed: "by a key bound with SHA-1",
    ring: ["sha1-bound"],
    make: () => by("sha1-bound"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
];

describe("a signature is judged as gpgv judges it, or more strictly: an InRelease signed", () => {
  test.each(rows)("$signed: $outcome", async ({ ring, make, outcome, gpgv, stricter }) => {
    const file = make();
    expect(await outcomeOf(verifyBy(file, ring))).toBe(outcome);
    const statuses = gpg.gpgv(gpg.export(...ring), file);
    expect(statuses.toSorted()).toEqual(gpgv.split(" ").toSorted());
    const gpgvAccepts = statuses.includes("GOODSIG") && !statuses.includes("BADSIG");
    expect(gpgvAccepts === (outcome === "accepted")).toBe(stricter === undefined);
  });
});

test.each(rows.filter(({ outcome }) => outcome === "accepted"))(
  "what is accepted here apt accepts: an InRelease signed $signed",
  ({ ring, make }) => {
    expect(gpg.apt(gpg.export(...ring), make())).toBe("accepted");
  },
);

describe("the error", () => {
  test("for a bad signature is the public message, and names the key", async () => {
    await expect(verifyBy(altered(by("alice")), ["alice"])).rejects.toMatchObject({
      message: "PGP signature verification failed: invalid signature",
      facts: { keyId: `0x${idOf("alice")}` },
    });
  });

  test("for unknown signers names them, and says how to get a key", async () => {
    const id = idOf("alice");
    await expect(verifyBy(by("alice", "bob"), ["mallory"])).rejects.toMatchObject({
      message: `PGP signature verification failed: signed by unknown key 0x${id}, 0x${idOf("bob")}`,
      hint: expect.stringMatching(new RegExp(`--recv-keys 0x${id};.*gpg --export 0x${id} > .*pgp_key_path`)),
    });
  });

  test("for a signer that signed_by does not name says so", async () => {
    await expect(verifyBy(by("alice"), ["alice"], { signedBy: [primaryOf("bob")] })).rejects.toMatchObject({
      hint: expect.stringContaining(`The keyring has 0x${idOf("alice")}, but signed_by does not name it`),
    });
  });

  test("for an expired key says since when", async () => {
    const message = `PGP signature verification failed: key 0x${idOf("expired")} expired on 2020-12-31T`;
    await expect(verifyBy(in2020By("expired"), ["expired"])).rejects.toThrow(message);
  });

  test("for a weak key says what it is and what is expected", async () => {
    const message = `key 0x${idOf("rsa1024")} is RSA of 1024 bits, expected 2048 or more`;
    await expect(verifyBy(by("rsa1024"), ["rsa1024"])).rejects.toThrow(message);
  });

  test("for a curve that cannot be verified on does not call the signature invalid", async () => {
    const reason = `key 0x${idOf("secp256k1")} is on the curve secp256k1, expected Ed25519 or a NIST curve`;
    await expect(verifyBy(by("secp256k1"), ["secp256k1"])).rejects.toThrow(reason);
  });

  test("for a weak digest says which one", async () => {
    await expect(verifyBy(withDigest("SHA1"), ["rsa2048"])).rejects.toThrow(
      /uses SHA1, expected SHA-256 or better/,
    );
  });

  test("for an empty keyring names the key that is needed", async () => {
    const verification = verifyInRelease(bytesOf(by("alice")), await policyFor([]));
    await expect(verification).rejects.toThrow(`signed by unknown key 0x${idOf("alice")}`);
  });
});

describe("a warning", () => {
  test("is given for a key that Debian 13 refuses", async () => {
    const { warnings } = await verifyBy(by("sha1-bound"), ["sha1-bound"]);
    expect(warnings).toEqual([expect.stringContaining(`key 0x${idOf("sha1-bound")} is bound by SHA-1`)]);
  });

  test("is given for a signature that was ignored", async () => {
    const { warnings } = await verifyBy(inOneBlock(by("alice"), in2020By("expired")), ["alice", "expired"]);
    expect(warnings).toEqual([
      expect.stringContaining(`ignored: key 0x${idOf("expired")} expired on 2020-12-31T`),
    ]);
  });

  test("is not given for a signature by an unknown key", async () => {
    expect((await verifyBy(by("alice", "bob"), ["alice"])).warnings).toEqual([]);
  });
});

const expiredWarning = (keyId: string): unknown =>
  expect.stringMatching(
    new RegExp(`^key 0x${keyId} expired on 2020-12-31T.*\\(accepted: allow_expired_keys\\)$`),
  );

/** apt 13 takes what a key signed before it expired; an archived suite has nothing better. */
describe("where keys that have expired are allowed, an InRelease", () => {
  const allowed = { allow: { future: false, expiredKeys: true } };
  test("is accepted with a warning when its key, or the key's primary, expired since it signed", async () => {
    const { warnings, signedBy } = await verifyBy(in2020By("expired"), ["expired"], allowed);
    expect(warnings).toEqual([expiredWarning(idOf("expired"))]);
    expect(signedBy).toHaveLength(1);
    for (const name of ["expired-sub", "expired-primary"]) {
      const { warnings: others } = await verifyBy(in2020By(name), [name], allowed);
      expect(others).toEqual([expiredWarning(gpg.fingerprints(name)[1]?.slice(-16) ?? "")]);
    }
  });

  test.each<[string, string, () => string, string]>([
    ["its key is revoked", "revoked", () => beforeRevocation("revoked"), "KEY_REVOKED"],
    ["its bytes are others", "expired", () => altered(in2020By("expired")), "SIGNATURE_INVALID"],
    ["its digest is weak", "expired", () => in2020By("expired", "--digest-algo", "SHA1"), "DIGEST_WEAK"],
    ["its signature expired", "alice", () => shortLived("alice"), "SIGNATURE_EXPIRED"],
    ["its key is weak", "rsa1024", () => by("rsa1024"), "KEY_WEAK"],
  ])("is refused all the same when %s", async (_case, key, make, outcome) => {
    expect(await outcomeOf(verifyBy(make(), [key], allowed))).toBe(outcome);
  });
});

describe("where dates in the future are allowed, an InRelease", () => {
  const allowed = { allow: { future: true, expiredKeys: false } };
  const in2099 = { at: "20990101T000000" };

  test("is accepted with a warning when it was signed in the future, by a key of the future too", async () => {
    gpg.makeKey("early", "ed25519", in2099);
    for (const name of ["alice", "early"]) {
      const file = gpg.clearsign(text, [name], in2099.at);
      expect(await outcomeOf(verifyBy(file, [name]))).toBe("SIGNATURE_FUTURE");
      const { warnings } = await verifyBy(file, [name], allowed);
      expect(warnings).toEqual([expect.stringMatching(/is dated 2099-01-01T.*\(accepted: allow_future\)$/)]);
    }
  });

  test("is refused all the same when its bytes are others, or its key has expired", async () => {
    const file = altered(gpg.clearsign(text, ["alice"], in2099.at));
    expect(await outcomeOf(verifyBy(file, ["alice"], allowed))).toBe("SIGNATURE_INVALID");
    expect(await outcomeOf(verifyBy(in2020By("expired"), ["expired"], allowed))).toBe("KEY_EXPIRED");
  });
});
