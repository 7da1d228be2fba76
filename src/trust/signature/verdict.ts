import type { SignaturePacket } from "openpgp";
import type { TrustCode } from "../errors.ts";
import type { ObjectionCode } from "./objections.ts";
import type { SigningKey } from "./policy.ts";

/** What one signature is worth. */
export type Verdict =
  | { readonly kind: "good"; readonly signer: SigningKey; readonly notes: readonly SignatureNote[] }
  /** By a key that counts, and not over these bytes: someone changed them, or the signature. */
  | { readonly kind: "bad"; readonly signer: SigningKey; readonly cause: unknown }
  /** Neither for nor against: such as by a key that has expired. */
  | {
      readonly kind: "unusable";
      readonly code: UnusableCode;
      readonly reason: string;
      readonly cause?: unknown;
    }
  /** May be bad for all that can be told here, or is one at which gpgv gives up. */
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
  /** It proves nothing; another one holds. */
  | { readonly kind: "signature-ignored"; readonly reason: string }
  /** The self-signatures of the key use SHA-1. */
  | { readonly kind: "bound-by-sha1"; readonly keyId: string };

export type UnusableCode = ObjectionCode | Extract<TrustCode, "SIGNATURE_UNSUPPORTED">;

/** A signature as it stands in the file, and as the library reads it: undefined where it does not know its kind. */
export interface ReadSignature {
  readonly body: Uint8Array;
  readonly packet: SignaturePacket | undefined;
}
