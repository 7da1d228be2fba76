/** Which packages a filter of another tool lets through, as far as their names decide it. */
export type NameFilter =
  /** `pattern` is a regular expression of JavaScript for the whole name. */
  | { readonly kind: "name"; readonly pattern: string }
  | { readonly kind: "and" | "or"; readonly parts: readonly NameFilter[] }
  | { readonly kind: "not"; readonly part: NameFilter };

/** A filter that has no exact counterpart; the message says why. */
export class Untranslatable extends Error {}

/**
 * Returns exclude_patterns that leave out exactly the packages which the filter does not let through. These are matched with
 * the name and with name_version. dpkg-deb makes no package with an underscore in its name, so a pattern that matches no
 * underscore decides by the name alone.
 */
export function excludePatterns(filter: NameFilter): readonly string[] {
  if (filter.kind === "and") return filter.parts.flatMap(excludePatterns);
  if (filter.kind === "not" && filter.part.kind === "name") return [`^(?=(?:${filter.part.pattern})$)[^_]*$`];
  return [`^${lookahead({ kind: "not", part: filter })}[^_]*$`];
}

/** Matches nothing, at the start of a name, if the filter lets the name through. */
function lookahead(filter: NameFilter): string {
  switch (filter.kind) {
    case "name":
      return `(?=(?:${filter.pattern})$)`;
    case "and":
      return filter.parts.map(lookahead).join("");
    case "or":
      return filter.parts.length === 0 ? "(?!)" : `(?:${filter.parts.map(lookahead).join("|")})`;
    case "not":
      return filter.part.kind === "name"
        ? `(?!(?:${filter.part.pattern})$)`
        : `(?!${lookahead(filter.part)})`;
  }
}

/** A pattern for exactly this text. */
export const literalPattern = (text: string): string =>
  text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
