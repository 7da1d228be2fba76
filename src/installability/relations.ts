/** One alternative of a dependency, or one name of Conflicts, Breaks or Provides: deb-control(5), deb-src-rules. */
export interface Relation {
  readonly name: string;
  /** "any", "native" or an architecture: what comes after a colon. */
  readonly qualifier: string | undefined;
  readonly operator: Operator | undefined;
  /** Empty without an operator. */
  readonly version: string;
}

/** How the version of a package must compare with that of a relation. */
export type Operator = keyof typeof operators;

const operators = {
  "<<": (order: number) => order < 0,
  "<=": (order: number) => order <= 0,
  "=": (order: number) => order === 0,
  ">=": (order: number) => order >= 0,
  ">>": (order: number) => order > 0,
  // Old forms, which dpkg reads as <= and >=.
  "<": (order: number) => order <= 0,
  ">": (order: number) => order >= 0,
} as const satisfies Readonly<Record<string, (order: number) => boolean>>;

/** Returns true if a version that compares like this with the version of a relation is one that the relation allows. */
export const allows = (operator: Operator, order: number): boolean => operators[operator](order);

const isOperator = (text: string): text is Operator => Object.hasOwn(operators, text);

const pattern = /^([^\s:(|,]+)(?::([^\s(]+))?\s*(?:\(\s*([<=>]+)\s*([^\s<=>)]+)\s*\))?$/;

/** Returns undefined for a text that cannot be read as one. */
export function parseRelation(text: string): Relation | undefined {
  const [, name, qualifier, operator, version = ""] = pattern.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (operator === undefined) return { name, qualifier, operator, version };
  return isOperator(operator) ? { name, qualifier, operator, version } : undefined;
}

/** Splits a field at its commas. */
export const splitField = (field: string | undefined): readonly string[] => splitAt(field, ",");

/** Splits a dependency at its bars. */
export const splitAlternatives = (clause: string): readonly string[] => splitAt(clause, "|");

/** Returns true for a text with alternatives of which each can be read. */
export function isDependency(text: string): boolean {
  const alternatives = text.split("|").map((one) => parseRelation(one.trim()));
  return alternatives.every((one) => one !== undefined);
}

/** Returns the names of the alternatives of a dependency. */
export const namesIn = (clause: string): readonly string[] =>
  splitAlternatives(clause).flatMap((text) => parseRelation(text)?.name ?? []);

function splitAt(text: string | undefined, separator: string): readonly string[] {
  if (text === undefined || text === "") return [];
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
