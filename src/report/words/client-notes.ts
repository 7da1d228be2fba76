/** What to know before machines install from a mirror. */
export type ClientNote =
  /** no_pgp_check: nobody knows which keys are right. */
  | { readonly kind: "keys-unknown" }
  /** A snapshot was named, and its URL will show another one. */
  | { readonly kind: "link-moves"; readonly link: string }
  /** Web servers are set up not to show names that begin with a dot. */
  | { readonly kind: "snapshot-hidden"; readonly path: string };

export function clientNoteText(note: ClientNote): string {
  switch (note.kind) {
    case "keys-unknown":
      return "the mirror does not check signatures (no_pgp_check), so no key is named, and clients will refuse it if they have none";
    case "link-moves":
      return `the snapshot has the URL of ${note.link}, which will show another one in time`;
    case "snapshot-hidden":
      return `the web server has to show ${note.path}, although a name in it begins with a dot`;
  }
}
