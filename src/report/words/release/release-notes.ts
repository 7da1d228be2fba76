/** What is accepted of a Release or its signature with a warning, in words. */
import { quote } from "../../../repository/index.ts";
import type { ReleaseNote, SignatureNote } from "../../../trust/index.ts";

/** Returns the end of a sentence that begins with the path of the Release. */
export function releaseNoteText(note: ReleaseNote): string {
  switch (note.kind) {
    case "accepted":
      return acceptedText(note);
    case "undated":
      return "the Release has no Date: its age cannot be checked";
    case "expiring":
      return `the Release is valid only until ${note.validUntil.toISOString()}`;
    case "field-changed":
      return `the Release changes its ${note.field} from ${quote(note.before)} to ${quote(note.now)}; clients accept that only with "apt-get update --allow-releaseinfo-change"`;
  }
}

export function signatureNoteText(note: SignatureNote): string {
  switch (note.kind) {
    case "accepted":
      return acceptedText(note);
    case "signature-ignored":
      return `a signature was ignored: ${note.reason}`;
    case "bound-by-sha1":
      return (
        `key 0x${note.keyId} is bound by SHA-1 self-signatures, which Debian 13 refuses since 2026-02-01: ` +
        "such clients will not accept this repository until the upstream renews its key"
      );
  }
}

const acceptedText = ({ reason, option }: { readonly reason: string; readonly option: string }): string =>
  `${reason} (accepted: ${option})`;
