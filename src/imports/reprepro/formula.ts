import { type FormulaText, parseFormula } from "../names/boolean-formula.ts";
import { FormulaCursor } from "../names/formula-cursor.ts";
import { globPattern } from "../names/glob-pattern.ts";
import { literalPattern, type NameFilter, Untranslatable } from "../names/name-filter.ts";

/** Reads a FilterFormula of reprepro, as far as it is about names. Throws Untranslatable. */
export function parseRepreproFormula(text: string): NameFilter {
  return parseFormula(new Formula(text), "and");
}

class Formula extends FormulaCursor implements FormulaText {
  /** A name of a field, in any case, and what it is compared with. */
  term(): NameFilter {
    const [found, field = "", condition] = /^(\$?[A-Za-z0-9][\w.+-]*)\s*(\([^)]*\))?/.exec(this.rest()) ?? [];
    if (found === undefined) throw new Untranslatable("the formula is not one that reprepro can read");
    if (field.toLowerCase() !== "package")
      throw new Untranslatable(`filters here see names and versions of packages, not ${field}`);
    this.skip(found.length);
    return condition === undefined
      ? { kind: "name", pattern: ".+" }
      : compared(condition.slice(1, -1).trim());
  }
}

function compared(condition: string): NameFilter {
  const [, operator = "", value = ""] = /^(==|!=|%)\s*(\S.*)$/s.exec(condition) ?? [];
  if (operator === "") throw new Untranslatable(`names cannot be compared as in (${condition.slice(0, 40)})`);
  const pattern = operator === "%" ? globPattern(value, "") : literalPattern(value);
  return operator === "!=" ? { kind: "not", part: { kind: "name", pattern } } : { kind: "name", pattern };
}
