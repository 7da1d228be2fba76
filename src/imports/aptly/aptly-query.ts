import { type FormulaText, parseFormula } from "../names/boolean-formula.ts";
import { FormulaCursor } from "../names/formula-cursor.ts";
import { globPattern } from "../names/glob-pattern.ts";
import { goSearchPattern } from "../names/go-pattern.ts";
import { literalPattern, type NameFilter, Untranslatable } from "../names/name-filter.ts";

/** Reads a package query of aptly 1.6, as far as it is about names. Throws Untranslatable. */
export function parseAptlyQuery(text: string): NameFilter {
  return parseFormula(new AptlyText(text), "or");
}

class AptlyText extends FormulaCursor implements FormulaText {
  term(): NameFilter {
    const field = this.#word();
    if (field !== "Name") throw new Untranslatable(reasonFor(field));
    return this.take("(") ? this.#condition() : { kind: "name", pattern: ".+" };
  }

  #condition(): NameFilter {
    const [operator = "="] = /^(?:<<|<=|<|>>|>=|>|[=%~])/.exec(this.rest()) ?? [];
    if (this.rest().startsWith(operator)) this.skip(operator.length);
    const value = this.#word();
    if (!this.take(")")) throw new Untranslatable("a ) is missing in the filter");
    return { kind: "name", pattern: patternOf(operator, value) };
  }

  /** To aptly, a word that has begun may have "(" in it. */
  #word(): string {
    const rest = this.rest();
    const [quoted] = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/s.exec(rest) ?? [];
    const [found = ""] =
      quoted === undefined ? (/^[^\s()|,!{}<>=%~"'][^\s)|,!{}]*/.exec(rest) ?? []) : [quoted];
    if (found === "") throw new Untranslatable("the filter is not one that aptly can read");
    this.skip(found.length);
    return quoted === undefined ? found : found.slice(1, -1).replaceAll(/\\(.)/gs, "$1");
  }
}

function patternOf(operator: string, value: string): string {
  if (operator === "=") return literalPattern(value);
  if (operator === "%") return globPattern(value, "^");
  if (operator === "~") return goSearchPattern(value);
  throw new Untranslatable(`names cannot be compared with ${operator}`);
}

function reasonFor(field: string): string {
  if (/^[A-Z$]/.test(field) && !field.includes("_"))
    return `filters here see names and versions of packages, not ${field}`;
  return "a query for a dependency also finds packages that provide it; Name (= …) is a query for a name";
}
