import { altered, type SignedCase } from "./signers.fixture.ts";
import { inOneBlock } from "./test-support.ts";

const weakKey = "apt refuses such keys since its version 2.9.2, gpgv itself does not";
const oddCurve = "no repository signs on such a curve, and the OpenPGP library cannot verify on it";

/** An InRelease by keys and digests of all kinds. */
export const algorithmCases: readonly SignedCase[] = [
  {
    signed: "by RSA of 2048 bits",
    ring: ["rsa2048"],
    make: (signers) => signers.by("rsa2048"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "by ECDSA on P-256",
    ring: ["nistp256"],
    make: (signers) => signers.by("nistp256"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "by ECDSA on a Brainpool curve",
    ring: ["brainpoolP256r1"],
    make: (signers) => signers.by("brainpoolP256r1"),
    outcome: "KEY_UNUSABLE",
    gpgv: "GOODSIG",
    stricter: oddCurve,
  },
  {
    signed: "by RSA of 1024 bits",
    ring: ["rsa1024"],
    make: (signers) => signers.by("rsa1024"),
    outcome: "KEY_WEAK",
    gpgv: "GOODSIG",
    stricter: weakKey,
  },
  {
    signed: "by DSA",
    ring: ["dsa"],
    make: (signers) => signers.by("dsa"),
    outcome: "KEY_WEAK",
    gpgv: "GOODSIG",
    stricter: weakKey,
  },
  {
    signed: "by ECDSA on secp256k1",
    ring: ["secp256k1"],
    make: (signers) => signers.by("secp256k1"),
    outcome: "KEY_UNUSABLE",
    gpgv: "GOODSIG",
    stricter: oddCurve,
  },
  {
    signed: "by a weak key, then altered",
    ring: ["rsa1024"],
    make: (signers) => altered(signers.by("rsa1024")),
    outcome: "SIGNATURE_INVALID",
    gpgv: "BADSIG",
  },
  {
    signed: "with MD5",
    ring: ["rsa2048"],
    make: (signers) => signers.withDigest("MD5"),
    outcome: "DIGEST_WEAK",
    gpgv: "ERRSIG",
  },
  {
    signed: "with SHA-1",
    ring: ["rsa2048"],
    make: (signers) => signers.withDigest("SHA1"),
    outcome: "DIGEST_WEAK",
    gpgv: "GOODSIG",
    stricter: "apt refuses it, gpgv itself does not",
  },
  {
    signed: "with RIPEMD-160",
    ring: ["rsa2048"],
    make: (signers) => signers.withDigest("RIPEMD160"),
    outcome: "DIGEST_WEAK",
    gpgv: "GOODSIG",
    stricter: "Debian 13 refuses it",
  },
  {
    signed: "with SHA-224",
    ring: ["rsa2048"],
    make: (signers) => signers.withDigest("SHA224"),
    outcome: "DIGEST_WEAK",
    gpgv: "GOODSIG",
    stricter: "Debian 13 refuses it",
  },
  {
    signed: "with SHA-384",
    ring: ["rsa2048"],
    make: (signers) => signers.withDigest("SHA384"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "with SHA-1, then altered",
    ring: ["rsa2048"],
    make: (signers) => altered(signers.withDigest("SHA1")),
    outcome: "SIGNATURE_INVALID",
    gpgv: "BADSIG",
  },
  {
    signed: "well, and badly with SHA-1 by another",
    ring: ["rsa2048", "alice"],
    make: (signers) =>
      inOneBlock(
        signers.by("alice"),
        signers.gpg.clearsign("evil\n", ["rsa2048"], undefined, "--digest-algo", "SHA1"),
      ),
    outcome: "SIGNATURE_INVALID",
    gpgv: "GOODSIG BADSIG",
  },
  {
    signed: "with SHA-1, and well by another",
    ring: ["rsa2048", "alice"],
    make: (signers) => inOneBlock(signers.by("alice"), signers.withDigest("SHA1")),
    outcome: "accepted",
    gpgv: "GOODSIG GOODSIG",
  },
  {
    signed: "by a key bound with SHA-1",
    ring: ["sha1-bound"],
    make: (signers) => signers.by("sha1-bound"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
];
