import { bytesOf, Gpg, inOneBlock, type KeyOptions, policyFor } from "../test-support.ts";
import { type VerifiedRelease, verifyInRelease } from "../verify.ts";
import type { SignaturePolicy } from "./policy.ts";

export const text = "Origin: test\nSuite: stable\n";
/** Makes a signature of `text` bad. */
export const altered = (file: string): string => file.replace("stable", "evil");

/** An InRelease and its expected outcome. */
export interface SignedCase {
  readonly signed: string;
  /** Keys in the ring. */
  readonly ring: readonly SignerName[];
  readonly make: (signers: Signers) => string;
  readonly outcome: string;
  /** gpgv's status of each signature. gpgv accepts a file with a GOODSIG and no BADSIG. */
  readonly gpgv: string;
  /** The reason why the outcome differs from gpgv's. */
  readonly stricter?: string;
}

export type SignerName = keyof typeof recipes;

/** Signers with real keys. Close it. */
export class Signers {
  readonly gpg = new Gpg();
  /** Made while the keys were good: gpg does not sign with a revoked key. */
  readonly #beforeRevocation = new Map<SignerName, string>();
  /** Exported keys, by the names in the ring. */
  readonly #exported = new Map<string, Buffer>();

  constructor(names: readonly SignerName[]) {
    for (const name of names) {
      recipes[name](this.gpg, name);
      const revoke = revocations[name];
      if (revoke !== undefined) this.#beforeRevocation.set(name, this.by(name));
      revoke?.(this.gpg, name);
    }
  }

  close(): void {
    this.gpg.close();
  }

  primaryOf(name: SignerName): string {
    return this.gpg.fingerprints(name)[0] ?? "";
  }

  idOf(name: SignerName): string {
    return this.primaryOf(name).slice(-16);
  }

  by(...signers: readonly string[]): string {
    return this.gpg.clearsign(text, signers);
  }

  in2020By(signer: SignerName, ...args: string[]): string {
    return this.gpg.clearsign(text, [signer], "20200601T000000", ...args);
  }

  beforeRevocation(signer: SignerName): string {
    return this.#beforeRevocation.get(signer) ?? "";
  }

  withDigest(digest: string, signer: SignerName = "rsa2048", body = text): string {
    return this.gpg.clearsign(body, [signer], undefined, "--digest-algo", digest);
  }

  /** Makes a signature that was valid for one day in 2020. */
  shortLived(signer: SignerName): string {
    return this.in2020By(signer, "--default-sig-expire", "1d");
  }

  /** Makes a good signature by alice and one by another over another text. */
  goodAndBadBy(signer: SignerName): string {
    return inOneBlock(this.by("alice"), this.gpg.clearsign(altered(text), [signer]));
  }

  async verify(
    file: string,
    ring: readonly SignerName[],
    options: Partial<SignaturePolicy> = {},
  ): Promise<VerifiedRelease> {
    return verifyInRelease(bytesOf(file), await policyFor([this.export(ring)], options));
  }

  /** Returns the public keys of some signers, which no longer change. */
  export(ring: readonly SignerName[]): Buffer {
    const id = ring.join(" ");
    const exported = this.#exported.get(id) ?? this.gpg.export(...ring);
    this.#exported.set(id, exported);
    return exported;
  }
}

type Recipe = (gpg: Gpg, name: string) => void;

const in2020: KeyOptions = { at: "20200101T000000" };
const in2099: KeyOptions = { at: "20990101T000000" };
const until2021: KeyOptions = { ...in2020, expires: "1y" };

const key =
  (algorithm: string, options: KeyOptions = {}): Recipe =>
  (gpg, name) => {
    gpg.makeKey(name, algorithm, options);
  };

const keyWithSubkey =
  (primary: KeyOptions, subkey: KeyOptions): Recipe =>
  (gpg, name) => {
    gpg.makeKey(name, "ed25519", primary);
    gpg.addSubkey(name, subkey);
  };

/** A key is named after its peculiarity. */
const recipes = {
  alice: key("ed25519", in2020),
  bob: key("ed25519"),
  mallory: key("ed25519"),
  rsa2048: key("rsa2048"),
  rsa1024: key("rsa1024"),
  nistp256: key("nistp256"),
  brainpoolP256r1: key("brainpoolP256r1"),
  secp256k1: key("secp256k1"),
  dsa: key("dsa2048"),
  "sha1-bound": key("rsa2048", { args: ["--cert-digest-algo", "SHA1"] }),
  expired: key("ed25519", until2021),
  early: key("ed25519", in2099),
  revoked: key("ed25519"),
  "with-sub": keyWithSubkey(in2020, in2020),
  "expired-sub": keyWithSubkey(in2020, until2021),
  "expired-primary": keyWithSubkey(until2021, in2020),
  "revoked-sub": keyWithSubkey(in2020, in2020),
  "revoked-primary": keyWithSubkey(in2020, in2020),
  "revoked-weakly": key("rsa2048", in2020),
  "revoked-sub-weakly": keyWithSubkey(in2020, in2020),
  "revoked-ahead": key("rsa2048", in2020),
} satisfies Record<string, Recipe>;

export const everySigner = Object.keys(recipes) as SignerName[];

const revocations: Partial<Record<SignerName, Recipe>> = {
  revoked: (gpg, name) => gpg.revoke(name),
  "revoked-sub": (gpg, name) => gpg.revokeSubkey(name),
  "revoked-primary": (gpg, name) => gpg.revoke(name),
  "revoked-weakly": (gpg, name) => gpg.supersede(name, "20210101T000000", "--cert-digest-algo", "RIPEMD160"),
  "revoked-sub-weakly": (gpg, name) => gpg.revokeSubkey(name, "--cert-digest-algo", "SHA1"),
  "revoked-ahead": (gpg, name) => gpg.supersede(name, "20990101T000000"),
};
