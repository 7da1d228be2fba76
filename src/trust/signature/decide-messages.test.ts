import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesOf, inOneBlock, policyFor } from "../test-support.ts";
import { verifyInRelease } from "../verify.ts";
import { altered, Signers } from "./signers.fixture.ts";

let signers: Signers;

beforeAll(() => {
  signers = new Signers([
    "alice",
    "bob",
    "mallory",
    "expired",
    "rsa1024",
    "rsa2048",
    "secp256k1",
    "sha1-bound",
  ]);
}, 60_000);
afterAll(() => signers.close());

describe("the error", () => {
  test("for a bad signature is the public message, and names the key", async () => {
    await expect(signers.verify(altered(signers.by("alice")), ["alice"])).rejects.toMatchObject({
      message: "PGP signature verification failed: invalid signature",
      facts: { keyId: `0x${signers.idOf("alice")}` },
    });
  });

  test("for unknown signers names them, and says how to get a key", async () => {
    const id = signers.idOf("alice");
    await expect(signers.verify(signers.by("alice", "bob"), ["mallory"])).rejects.toMatchObject({
      message: `PGP signature verification failed: signed by unknown key 0x${id}, 0x${signers.idOf("bob")}`,
      hint: expect.stringMatching(/^"mirrorctl key needed m" says /),
    });
  });

  test("for a signer that signed_by does not name says so", async () => {
    await expect(
      signers.verify(signers.by("alice"), ["alice"], { signedBy: [signers.primaryOf("bob")] }),
    ).rejects.toMatchObject({
      hint: expect.stringContaining(
        `The keyring has 0x${signers.idOf("alice")}, but signed_by does not name it`,
      ),
    });
  });

  test("for an expired key says since when", async () => {
    const message = `PGP signature verification failed: key 0x${signers.idOf("expired")} expired on 2020-12-31T`;
    await expect(signers.verify(signers.in2020By("expired"), ["expired"])).rejects.toThrow(message);
  });

  test("for a weak key says what it is and what is expected", async () => {
    const message = `key 0x${signers.idOf("rsa1024")} is RSA of 1024 bits, expected 2048 or more`;
    await expect(signers.verify(signers.by("rsa1024"), ["rsa1024"])).rejects.toThrow(message);
  });

  test("for an unsupported curve does not call the signature invalid", async () => {
    const reason = `key 0x${signers.idOf("secp256k1")} is on the curve secp256k1, expected Ed25519 or a NIST curve`;
    await expect(signers.verify(signers.by("secp256k1"), ["secp256k1"])).rejects.toThrow(reason);
  });

  test("for a weak digest says which one", async () => {
    await expect(signers.verify(signers.withDigest("SHA1"), ["rsa2048"])).rejects.toThrow(
      /uses SHA1, expected SHA-256 or better/,
    );
  });

  test("for an empty keyring names the needed key", async () => {
    const verification = verifyInRelease(bytesOf(signers.by("alice")), await policyFor([]));
    await expect(verification).rejects.toThrow(`signed by unknown key 0x${signers.idOf("alice")}`);
  });
});

describe("a warning", () => {
  test("is given for a key that Debian 13 refuses", async () => {
    const { notes } = await signers.verify(signers.by("sha1-bound"), ["sha1-bound"]);
    expect(notes).toEqual([{ kind: "bound-by-sha1", keyId: signers.idOf("sha1-bound") }]);
  });

  test("is given for a signature that was ignored", async () => {
    const { notes } = await signers.verify(inOneBlock(signers.by("alice"), signers.in2020By("expired")), [
      "alice",
      "expired",
    ]);
    expect(notes).toEqual([
      {
        kind: "signature-ignored",
        reason: expect.stringContaining(`key 0x${signers.idOf("expired")} expired on 2020-12-31T`),
      },
    ]);
  });

  test("is not given for a signature by an unknown key", async () => {
    expect((await signers.verify(signers.by("alice", "bob"), ["alice"])).notes).toEqual([]);
  });
});
