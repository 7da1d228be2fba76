import * as v from "valibot";
import { count, described, failure, list, maybe, time } from "./shapes.ts";

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
