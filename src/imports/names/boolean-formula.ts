import { type NameFilter, Untranslatable } from "./name-filter.ts";

/** What a formula is read from: signs of one character, and terms. */
export interface FormulaText {
  /** Takes the sign if it is next, with the blanks before it. */
  take(sign: "(" | ")" | "|" | "," | "!"): boolean;
  /** Reads a term. Throws Untranslatable. */
  term(): NameFilter;
  readonly isAtEnd: boolean;
}

/** Which of "|" and "," joins whole parts; the other binds more tightly, and "!" most. */
type Loosest = "or" | "and";

const signs = { or: "|", and: "," } as const;
const depthMax = 50;

/** Reads a formula of terms with "|", ",", "!" and parentheses. Throws Untranslatable. */
export function parseFormula(text: FormulaText, loosest: Loosest): NameFilter {
  const filter = joined(text, loosest, 0);
  if (!text.isAtEnd) throw new Untranslatable("the filter cannot be read to its end");
  return filter;
}

function joined(text: FormulaText, loosest: Loosest, depth: number): NameFilter {
  if (depth > depthMax) throw new Untranslatable("the filter has very deep parentheses");
  const tightest = loosest === "or" ? "and" : "or";
  return list(text, loosest, () => list(text, tightest, () => negated(text, loosest, depth)));
}

function list(text: FormulaText, kind: Loosest, next: () => NameFilter): NameFilter {
  const first = next();
  const parts = [first];
  while (text.take(signs[kind])) parts.push(next());
  return parts.length === 1 ? first : { kind, parts };
}

function negated(text: FormulaText, loosest: Loosest, depth: number): NameFilter {
  let isNegated = false;
  while (text.take("!")) isNegated = !isNegated;
  const part = inner(text, loosest, depth);
  if (!isNegated) return part;
  return part.kind === "not" ? part.part : { kind: "not", part };
}

function inner(text: FormulaText, loosest: Loosest, depth: number): NameFilter {
  if (!text.take("(")) return text.term();
  const filter = joined(text, loosest, depth + 1);
  if (!text.take(")")) throw new Untranslatable("a ) is missing in the filter");
  return filter;
}
