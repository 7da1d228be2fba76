/** What may be typed at a place of the command line. */
export type Wanted =
  /** Names that `mirrorctl __complete` lists. */
  | { readonly kind: "mirrors" | "snapshots" | "trees" }
  | { readonly kind: "files" | "directories" }
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "text" };

/** By the placeholder of an argument or of the value of an option, such as `id` of `<id>`. */
const kinds: Readonly<Record<string, Exclude<Wanted["kind"], "words">>> = {
  id: "mirrors",
  name: "snapshots",
  from: "trees",
  to: "trees",
  tree: "trees",
  file: "files",
  sources: "files",
  dir: "directories",
  actions: "text",
  architecture: "text",
  cve: "text",
  duration: "text",
  n: "text",
  names: "text",
  "new-id": "text",
  package: "text",
  release: "text",
  text: "text",
  time: "text",
  url: "text",
};

/** Throws for a placeholder that is not in the table: only a person can say what it means. */
export function wantedFor(placeholder: string, choices: readonly string[] | undefined): Wanted {
  if (choices !== undefined) return { kind: "words", words: choices };
  const kind = kinds[placeholder];
  if (kind === undefined) throw new Error(`wanted.ts does not say what completes <${placeholder}>`);
  return { kind };
}
