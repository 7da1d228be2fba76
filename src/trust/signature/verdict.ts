import type { SignaturePacket } from "openpgp";
import type { TrustCode } from "../errors.ts";
import type { ObjectionCode } from "./objections.ts";
import type { SigningKey } from "./policy.ts";

/** What one signature is worth. */
export type Verdict =
  | { readonly kind: "good"; readonly signer: SigningKey; readonly warnings: readonly string[] }
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

export type UnusableCode = ObjectionCode | Extract<TrustCode, "SIGNATURE_UNSUPPORTED">;

/** A signature as it stands in the file, and as the library reads it: undefined where it does not know its kind. */
export interface ReadSignature {
  readonly body: Uint8Array;
  readonly packet: SignaturePacket | undefined;
}
