/** What a line or a stanza says, and the configuration made of it does not, or says otherwise. */
export type InitNote =
  | { readonly kind: "entry-disabled"; readonly line: number }
  | { readonly kind: "method-unsupported"; readonly line: number; readonly uris: readonly string[] }
  /** Has no meaning for a mirror. */
  | { readonly kind: "option-left-out"; readonly line: number; readonly option: string }
  /** Would make signatures worthless. */
  | { readonly kind: "trust-left-out"; readonly line: number; readonly option: string }
  | { readonly kind: "keys-unnamed"; readonly line: number }
  | { readonly kind: "several-urls"; readonly line: number }
  /** The package that has the keys of a distribution is not installed here. */
  | { readonly kind: "keyring-missing"; readonly path: string; readonly package: string };

export function initNoteText(note: InitNote): string {
  switch (note.kind) {
    case "entry-disabled":
      return `line ${note.line} is left out: it is disabled`;
    case "method-unsupported":
      return `line ${note.line} is left out: mirrors are downloaded by http and https, not from ${note.uris.join(" and ")}`;
    case "option-left-out":
      return `line ${note.line}: ${note.option} is for clients and changes nothing for a mirror`;
    case "trust-left-out":
      return `line ${note.line}: ${note.option} is not taken over, so signatures are checked (no_pgp_check = true would not)`;
    case "keys-unnamed":
      return `line ${note.line} names no key (Signed-By): any key that apt on this machine trusts may sign`;
    case "several-urls":
      return `line ${note.line} has several URIs: they count as servers of the same repository, tried in order`;
    case "keyring-missing":
      return `${note.path} is missing: apt-get install ${note.package}, or name another file with --key`;
  }
}
