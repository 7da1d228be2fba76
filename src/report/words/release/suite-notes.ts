/** What a sync warns of in a suite. `plan` finds the facts; the words are here. */
import type { SuiteNote } from "../../../plan/index.ts";

type NoteOf<Kind extends SuiteNote["kind"]> = Extract<SuiteNote, { readonly kind: Kind }>;

export function suiteNoteText<Kind extends SuiteNote["kind"]>(note: NoteOf<Kind>): string {
  const words: (note: NoteOf<Kind>) => string = noteWords[note.kind];
  return words(note);
}

const noteWords: { readonly [Kind in SuiteNote["kind"]]: (note: NoteOf<Kind>) => string } = {
  "other-names": ({ names }) =>
    `Release calls itself ${names.map(quoted).join(", ")}, and apt will warn of that`,
  "section-lacking": ({ section }) =>
    `Release has no section ${section}, which another suite of this mirror has; apt will warn of that`,
  "architecture-lacking": ({ architecture, section }) =>
    section === undefined
      ? `Release has no architecture ${architecture}, which another suite of this mirror has; apt will note that`
      : `section ${section} lists no architecture ${architecture}`,
  "sources-lacking": ({ section }) => `section ${section} lists no Sources`,
  "installer-lacking": () => "Release lists neither udebs nor installer images",
  "plain-name-lacking": ({ index }) =>
    `only compressed forms of ${index} are listed, so apt takes it for absent`,
};

/** Quotes a text of an upstream, which may be of any length. */
const quoted = (name: string): string => JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
