import { readFileSync, writeFileSync } from "node:fs";
import { checkDigests } from "../../../src/trust/index.ts";
import { type SignerName, Signers } from "../../../src/trust/signature/signers.fixture.ts";
import { createSigningKey } from "../../support/index.ts";
import { type Example, failedSync, type Stage } from "../stage.ts";

const inRelease = "dists/stable/InRelease";
const release = ({ bed }: Stage): string => readFileSync(bed.upstream.path("dists/stable/Release"), "utf8");

/** Made when the first example needs them. */
let made: Signers | undefined;
const names: readonly SignerName[] = ["alice", "rsa1024", "rsa2048", "expired", "revoked", "secp256k1"];
const signers = (): Signers => (made ??= new Signers(names));

/** Ends the agent of GnuPG. */
export function closeSigners(): void {
  made?.close();
  made = undefined;
}

/** Signs the Release by one of these keys, which becomes that of the mirror. Some keys are made now. */
const signedBy = (name: SignerName, sign: (text: string) => string): Example =>
  failedSync(
    (stage) => {
      stage.bed.upstream.rewrite(inRelease, Buffer.from(sign(release(stage)), "latin1"));
      writeFileSync(stage.bed.keyFile, signers().export([name]));
    },
    { host: { now: () => new Date() } },
  );

const rewritten = (change: (text: string) => string): Example =>
  failedSync(({ bed: { upstream } }) => {
    upstream.rewrite(inRelease, change(readFileSync(upstream.path(inRelease), "utf8")));
  });

const keyFile = (content: string | Uint8Array): Example =>
  failedSync(({ bed }) => writeFileSync(bed.keyFile, content));

const listed = {
  path: "pool/main/h/hello/hello_1.0-1_amd64.deb",
  sizeBytes: 12,
  digests: { sha256: "0".repeat(64) },
};

export const trustExamples: Readonly<Record<string, Example>> = {
  "trust/FRAMING_INVALID": rewritten(() => "<html>Please log in</html>"),
  "trust/ARMOR_INVALID": rewritten((text) => text.replace(/^=.{4}$/m, "=AAAA")),
  "trust/PACKET_INVALID": rewritten((text) =>
    text.replace(/(-----BEGIN PGP SIGNATURE-----\n\n).*(?=\n-----END)/s, "$1wgMEABY="),
  ),
  "trust/KEYRING_EMPTY": keyFile("<html>404</html>"),
  "trust/KEYRING_UNSUPPORTED": keyFile(Buffer.from("\0\0\0\x20\x01\x01\0\x02KBXf", "latin1")),
  "trust/KEYRING_UNREADABLE": failedSync(undefined, {
    mirror: { pgp_key_path: "/etc/mirrorctl/keys/missing.asc" },
  }),
  "trust/SIGNATURE_MISSING": failedSync(undefined, { suite: { signatures: "none" } }),
  "trust/SIGNATURE_INVALID": rewritten((text) => text.replace("Suite: stable", "Suite: stabler")),
  "trust/SIGNATURE_EXPIRED": signedBy("alice", (text) =>
    signers().gpg.clearsign(text, ["alice"], "20200601T000000", "--default-sig-expire", "1d"),
  ),
  "trust/SIGNATURE_FUTURE": signedBy("alice", (text) =>
    signers().gpg.clearsign(text, ["alice"], "20990101T000000"),
  ),
  "trust/SIGNATURE_UNSUPPORTED": signedBy("alice", (text) =>
    signers().gpg.clearsign(text, ["alice"], "20250101T000000", "--sig-notation", "!a@example.org=b"),
  ),
  "trust/SIGNER_UNKNOWN": failedSync(async ({ bed }) =>
    writeFileSync(bed.keyFile, (await createSigningKey()).publicKeyArmored),
  ),
  "trust/KEY_EXPIRED": signedBy("expired", (text) =>
    signers().gpg.clearsign(text, ["expired"], "20200601T000000"),
  ),
  "trust/KEY_REVOKED": signedBy("revoked", () => signers().beforeRevocation("revoked")),
  "trust/KEY_WEAK": signedBy("rsa1024", (text) => signers().gpg.clearsign(text, ["rsa1024"])),
  "trust/KEY_UNUSABLE": signedBy("secp256k1", (text) => signers().gpg.clearsign(text, ["secp256k1"])),
  "trust/DIGEST_WEAK": signedBy("rsa2048", (text) => signers().withDigest("SHA1", "rsa2048", text)),
  "trust/RELEASE_EXPIRED": failedSync(undefined, { suite: { validUntil: new Date("2026-05-04T00:00:00Z") } }),
  "trust/RELEASE_OLDER": failedSync(async (stage) => {
    await stage.sync();
    await stage.bed.upstream.publish({ date: new Date("2026-05-01T20:00:00Z") });
  }),
  "trust/RELEASE_FUTURE": failedSync(async (stage) => {
    const text = release(stage).replace(/^Date: .*$/m, "Date: Sat, 09 May 2026 20:00:00 UTC");
    const { key, upstream } = stage.bed;
    upstream.rewrite(inRelease, await key.clearsign(text, { date: stage.now }));
  }),
  "trust/RELEASE_RENAMED": failedSync(async (stage) => {
    await stage.sync();
    const text = release(stage).replace(/^(Suite|Codename): .*$/gm, "$1: oldstable");
    const { key, upstream } = stage.bed;
    upstream.rewrite(inRelease, await key.clearsign(text, { date: stage.now }));
  }),
  "trust/SIZE_MISMATCH": () => checkDigests({}, 10, listed),
  "trust/DIGEST_MISMATCH": () => checkDigests({ sha256: "1".repeat(64) }, 12, listed),
  "trust/DIGEST_MISSING": () => checkDigests({}, 12, { ...listed, digests: {} }),
};
