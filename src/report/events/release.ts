/** What a sync finds in the Release files of an upstream. */
import type { SuiteNote, VariantLeftOut } from "../../plan/index.ts";
import type { ReleaseRemark } from "../../repository/index.ts";
import type { ReleaseNote, SignatureNote } from "../../trust/index.ts";

/** Why the Release and Release.gpg beside an InRelease are not mirrored. */
export type CompanionProblem =
  /** `reason` is the message of the error. */
  | { readonly kind: "not-fetched"; readonly reason: string }
  /** Release equals InRelease, and the signature in Release.gpg does not hold. */
  | { readonly kind: "signature-refused"; readonly reason: string }
  | { readonly kind: "disagree"; readonly hasSignature: boolean };

export type ReleaseEvent =
  | { readonly type: "release-requested"; readonly suite: string }
  | { readonly type: "signature-valid"; readonly suite: string; readonly keyIds: readonly string[] }
  | { readonly type: "signature-noted"; readonly suite: string; readonly note: SignatureNote }
  /** no_pgp_check is set. */
  | { readonly type: "signatures-unchecked" }
  /** insecure_skip_verify is set. */
  | { readonly type: "certificates-unchecked" }
  /** A key file in one of apt's folders cannot be used. */
  | { readonly type: "key-file-skipped"; readonly problem: string }
  | { readonly type: "suite-noted"; readonly suite: string; readonly note: SuiteNote }
  | ({
      readonly type: "variant-left-out";
      /** What the configuration would have to select. */
      readonly architectures: readonly string[];
    } & VariantLeftOut)
  | {
      readonly type: "signer-changed";
      /** Of the Release. */
      readonly path: string;
      /** Fingerprints that the held Release names. */
      readonly expected: readonly string[];
      readonly found: readonly string[];
      /** Until then clients keep the held Release. */
      readonly validUntil: Date;
    }
  | { readonly type: "release-remarked"; readonly path: string; readonly remark: ReleaseRemark }
  /** About its age, its name, or how it differs from the held one. */
  | { readonly type: "release-noted"; readonly path: string; readonly note: ReleaseNote }
  /** One of several base URLs has a Release that is out of date or damaged. */
  | { readonly type: "release-refused"; readonly url: string; readonly reason: string }
  /** Of several base URLs, this one has the newest Release that verifies. */
  | {
      readonly type: "release-taken";
      readonly suite: string;
      readonly url: string;
      readonly date: Date | undefined;
    }
  /** `path` is that of Release. */
  | { readonly type: "companions-left-out"; readonly path: string; readonly problem: CompanionProblem }
  /** The detail of a `companions-left-out`. `path` is that of Release.gpg. */
  | { readonly type: "signature-refused"; readonly path: string; readonly reason: string }
  /** Release.gpg verifies, but apt refuses it because it is not ASCII armor. */
  | { readonly type: "signature-not-armored"; readonly path: string };
