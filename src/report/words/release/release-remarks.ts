/** Irregularities of a Release, in words. */
import { quote, type ReleaseRemark } from "../../../repository/index.ts";

type RemarkOf<Kind extends ReleaseRemark["kind"]> = Extract<ReleaseRemark, { readonly kind: Kind }>;

/** Returns a sentence that begins with the path of the Release, and the number of the line if it is known. */
export function releaseRemarkText<Kind extends ReleaseRemark["kind"]>(
  path: string,
  remark: RemarkOf<Kind>,
): string {
  const words: (remark: RemarkOf<Kind>) => string = remarkWords[remark.kind];
  const line = "line" in remark && remark.line !== undefined ? `:${remark.line}` : "";
  return `${path}${line}: ${words(remark)}`;
}

const remarkWords: { readonly [Kind in ReleaseRemark["kind"]]: (remark: RemarkOf<Kind>) => string } = {
  "line-broken": ({ text, lostField }) =>
    `a broken line is ignored, as apt does: ${quote(text)}` +
    (lostField === undefined ? "" : `; with it the field after it, ${quote(lostField)}`),
  "text-behind": () => "what follows the first empty line is ignored, as apt does",
  "date-unreadable": ({ text }) => `Date cannot be read: ${quote(text)}`,
  "year-short": ({ field, text }) => `${field} has a short year, which apt adds to 1900: ${quote(text)}`,
  "valid-until-without-effect": ({ text }) =>
    `Valid-Until is ignored, as apt does, since it is before 1970 to apt: ${quote(text)}`,
  "entry-malformed": ({ text, list, problem, count }) =>
    `${list} lists ${quote(text)}${othersText(count)}: ${problem}; not mirrored`,
  "names-unasked": ({ name, count }) =>
    `${quote(name)}${othersText(count)}: apt asks for no such name; not mirrored`,
  "names-contradicted": ({ name, count }) =>
    `${quote(name)}${othersText(count)}: listed twice with different sizes or digests; the first counts, as in apt`,
  "digests-upper-case": ({ name, count }) =>
    `${quote(name)}${othersText(count)}: digests in upper case, which apt never matches`,
};

const othersText = (count: number): string => (count > 1 ? ` and ${count - 1} more` : "");
