import * as v from "valibot";
import { count, described, failure, list, maybe, mirrorId, texts, time } from "./shapes.ts";

const key = v.object({
  fingerprint: described(v.string(), "40 upper-case hexadecimal digits, or 64 for a key of version 6"),
  keyId: described(v.string(), "16 upper-case hexadecimal digits"),
  algorithm: described(v.string(), "as gpg writes it: rsa4096, ed25519, nistp256"),
  bits: maybe(count),
  createdAt: time,
  expiresAt: maybe(described(time, "left out if the key never expires, or cannot be read")),
  revoked: v.boolean(),
  canSign: described(v.boolean(), "a Release that it signs now would count"),
  problem: maybe(described(v.string(), "why it cannot sign, as the end of a sentence; words may change")),
  boundBySha1: described(v.boolean(), "its self-signatures use SHA-1, which newer versions of apt refuse"),
});

const certificate = v.object({
  primary: key,
  userIds: list(
    v.object({
      text: described(v.string(), "as the key has it, with any control characters"),
      state: described(
        v.picklist(["certified", "revoked", "uncertified"]),
        "uncertified: the key does not say that this user ID is its own",
      ),
    }),
  ),
  subkeys: list(key),
});

/** `mirrorctl key show --json` */
export const keyShowAnswer = list(
  v.variant("kind", [
    v.object({ kind: v.literal("read"), path: v.string(), keys: list(certificate) }),
    v.object({ kind: v.literal("failed"), path: v.string(), ...failure }),
  ]),
);

export type KeyShowAnswer = v.InferOutput<typeof keyShowAnswer>;

const signature = v.object({
  keyId: described(v.string(), "16 upper-case hexadecimal digits"),
  fingerprint: maybe(described(v.string(), "left out if the signature has only a key ID")),
  state: described(
    v.picklist(["good", "missing", "not-allowed", "refused", "bad"]),
    "missing: no configured file has the key; not-allowed: signed_by does not name it",
  ),
  fileName: maybe(described(v.string(), "the configured file that has the key")),
  reason: maybe(described(v.string(), "why it was refused; words may change")),
});

/** `mirrorctl key needed --json` */
export const keyNeededAnswer = v.object({
  mirror: mirrorId,
  urls: described(texts, "without credentials"),
  pgpCheck: described(v.boolean(), "false: no_pgp_check is set, and a sync checks no signature"),
  satisfied: described(v.boolean(), "a sync would accept the signatures of every suite"),
  suites: list(
    v.variant("kind", [
      v.object({
        kind: v.literal("signed"),
        suite: v.string(),
        file: v.picklist(["InRelease", "Release.gpg"]),
        signatures: list(signature),
        refusal: maybe(described(v.object(failure), "why a sync would refuse the suite")),
      }),
      v.object({ kind: v.literal("failed"), suite: v.string(), ...failure }),
    ]),
  ),
  missing: list(
    v.object({
      keyId: v.string(),
      fingerprint: maybe(v.string()),
      foundIn: described(texts, "files of this machine that have the key"),
      keyringPackage: maybe(
        described(
          v.object({ name: v.string(), path: v.string() }),
          "a package of Debian or Ubuntu that has it",
        ),
      ),
    }),
  ),
  unusableFiles: list(described(v.object(failure), "a configured key file that cannot be used")),
});

export type KeyNeededAnswer = v.InferOutput<typeof keyNeededAnswer>;
