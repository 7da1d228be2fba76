/** The content of a file, and the name under which messages know it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}
