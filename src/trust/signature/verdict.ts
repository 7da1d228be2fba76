import type { SignaturePacket } from "openpgp";
import type { TrustCode } from "../errors.ts";
import type { ObjectionCode } from "./objections.ts";
import type { SigningKey } from "./policy.ts";

/** The verdict about one signature. */
export type Verdict =
  | { readonly kind: "good"; readonly signer: SigningKey; readonly notes: readonly SignatureNote[] }
  /** By a key that counts, but not over these bytes: somebody changed them or the signature. */
  | { readonly kind: "bad"; readonly signer: SigningKey; readonly cause: unknown }
  /** Proves nothing, such as one by an expired key. */
  | {
      readonly kind: "unusable";
      readonly code: UnusableCode;
      readonly reason: string;
      readonly cause?: unknown;
    }
  /** May be bad, or is one at which gpgv stops. */
  | { readonly kind: "undecided"; readonly code: UnusableCode; readonly reason: string }
  | { readonly kind: "unknown"; readonly keyId: string };

/** What is accepted with a warning. */
export type SignatureNote =
  | {
      readonly kind: "accepted";
      /** The message of the refusal. */
      readonly reason: string;
      readonly option: "allow_future" | "allow_expired_keys";
    }
  /** It proves nothing, but another one is good. */
  | { readonly kind: "signature-ignored"; readonly reason: string }
  /** The self-signatures of the key use SHA-1. */
  | { readonly kind: "bound-by-sha1"; readonly keyId: string };

export type UnusableCode = ObjectionCode | Extract<TrustCode, "SIGNATURE_UNSUPPORTED">;

/** A signature as bytes of the file, and as the library reads it: undefined if it does not know its kind. */
export interface ReadSignature {
  readonly body: Uint8Array;
  readonly packet: SignaturePacket | undefined;
}
