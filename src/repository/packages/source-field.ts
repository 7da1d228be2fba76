/** What the field Source of a package says. */
export interface SourceField {
  /** Undefined if the source has the name of the package. */
  readonly name: string | undefined;
  /** Undefined if the source has the version of the package. */
  readonly version: string | undefined;
}

/** Reads `name` or `name (version)`, deb-control(5); an empty text means that there is no field. */
export function parseSourceField(text: string): SourceField {
  const match = /^([^ \t\n(]+)[ \t\n]*(?:\([ \t\n]*([^) \t\n]+)[ \t\n]*\))?/.exec(text);
  return { name: match?.[1], version: match?.[2] };
}
