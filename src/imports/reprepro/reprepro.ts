import { notMirrored, withoutCredentials } from "../drafts/credentials.ts";
import { groupMirrors, type SelectedSuite } from "../drafts/group-mirrors.ts";
import type { Imported } from "../drafts/imported.ts";
import { Remarks } from "../drafts/remarks.ts";
import type { NamedText } from "../named-text.ts";
import type { FilterLists } from "./filter-lists.ts";
import { tablesOfRule, valuesOfRule } from "./rule-keys.ts";
import { type ConfStanza, inheritRules, placeOf, readConf } from "./rules.ts";

/** The files below conf/. */
export interface RepreproFiles {
  readonly updates: readonly NamedText[];
  readonly distributions: readonly NamedText[];
  readonly lists: FilterLists;
}

/** Returns the names of the lists that FilterList and FilterSrcList name. */
export function filterListNames(updates: readonly NamedText[]): readonly string[] {
  const fields = ["FilterList", "FilterSrcList"];
  const stanzas = readConf(updates, new Remarks()).map(({ stanza }) => stanza);
  return [...new Set(stanzas.flatMap((stanza) => fields.flatMap((name) => stanza.words(name).slice(1))))];
}

/** Reads the update rules of reprepro 5, each for the distributions that are updated by it. */
export function importReprepro({ updates, distributions, lists }: RepreproFiles): Imported {
  const remarks = new Remarks();
  const rules = inheritRules(readConf(updates, remarks));
  const targets = readConf(distributions, remarks);
  const users = usersOf(targets);
  const selected = [...rules].flatMap(([name, rule]) => {
    if (targets.length === 0 || users.has(name))
      return selectedBy(name, rule, users.get(name) ?? [undefined], lists, remarks);
    remarks.add("changed", placeOf(rule), `rule ${name}`, "left out: no distribution is updated by it");
    return [];
  });
  remarkOnMissing(targets, rules, remarks);
  const mirrors = groupMirrors(selected);
  if (mirrors.length > 0)
    remarks.add(
      "changed",
      undefined,
      "signatures",
      "reprepro signs what it publishes with your key; a mirror keeps upstream's signatures, so that clients need upstream's key: see client-config",
    );
  return { settings: { values: {}, tables: {} }, mirrors, ...remarks.result() };
}

/** The rules of a distribution. A "-" among them is not a rule: it deletes what the others do not name. */
const rulesOf = ({ stanza }: ConfStanza): readonly string[] =>
  stanza.words("Update").filter((word) => word !== "-");

/** The distributions by the rules that they are updated by. */
function usersOf(targets: readonly ConfStanza[]): ReadonlyMap<string, readonly ConfStanza[]> {
  const users = new Map<string, ConfStanza[]>();
  for (const target of targets)
    for (const name of new Set(rulesOf(target))) users.getOrInsertComputed(name, () => []).push(target);
  return users;
}

/** Without distributions, a rule has to say everything by itself. */
function selectedBy(
  name: string,
  rule: ConfStanza,
  users: readonly (ConfStanza | undefined)[],
  lists: FilterLists,
  remarks: Remarks,
): readonly SelectedSuite[] {
  const place = placeOf(rule);
  const urls = urlsOf(rule, remarks);
  if (urls === undefined) return [];
  const hasSources = users.some((user) => architecturesOf(rule, user).includes("source"));
  const values = valuesOfRule(rule, users, remarks);
  const tables = tablesOfRule(rule, hasSources, lists, remarks);
  return users.flatMap((user) => {
    const suite = suiteOf(rule, user);
    if (suite === undefined) {
      remarks.add(
        "dropped",
        place,
        `rule ${name}`,
        "it has no Suite of its own, and no distribution says which",
      );
      return [];
    }
    const selected = { urls, suite, name, place, values, tables, ...selectionOf(rule, user) };
    if (!suite.endsWith("/") && selected.sections.length === 0) {
      remarks.add(
        "dropped",
        placeOf(rule, "Components"),
        `rule ${name}`,
        "it has no Components but those of udebs",
      );
      return [];
    }
    remarks.add("imported", place, `rule ${name}`, `suite ${suite} of ${urls.join(", ")}`);
    return [selected];
  });
}

function urlsOf(rule: ConfStanza, remarks: Remarks): readonly string[] | undefined {
  const found = ["Method", "Fallback"].map((field) => {
    const text = rule.stanza.text(field);
    const url = withoutCredentials(text);
    if (url?.credential !== undefined) remarks.addCredential(url.credential, placeOf(rule, field));
    const isDropped = url === undefined && (text !== "" || field === "Method");
    if (isDropped) remarks.add("dropped", placeOf(rule, field), `${field}: ${text}`, notMirrored);
    return url?.url;
  });
  const [method, fallback] = found;
  if (method === undefined) return undefined;
  if (fallback === undefined || fallback === method) return [method];
  const means = "the second URL of url: tried if the first does not answer, or is older";
  remarks.add("imported", placeOf(rule, "Fallback"), `Fallback: ${fallback}`, means);
  return [method, fallback];
}

/** "*" is the codename of the distribution. */
function suiteOf({ stanza }: ConfStanza, target: ConfStanza | undefined): string | undefined {
  const codename = target?.stanza.text("Codename") ?? "";
  const own = stanza.text("Suite");
  const isOpen = own === "" || own.startsWith("*");
  if (isOpen && codename === "") return undefined;
  const suite = own === "" ? codename : own.replace(/^\*/, () => codename);
  return stanza.field("Flat") === undefined || suite.endsWith("/") ? suite : `${suite}/`;
}

/** Of "main>all", the part before the ">" is upstream's. */
const upstreamNames = (words: readonly string[]): readonly string[] => [
  ...new Set(words.map((word) => word.split(">")[0] ?? "").filter((word) => word !== "" && word !== "none")),
];

const architecturesOf = ({ stanza }: ConfStanza, target: ConfStanza | undefined): readonly string[] =>
  upstreamNames(
    (stanza.field("Architectures") === undefined ? target?.stanza : stanza)?.words("Architectures") ?? [],
  );

function selectionOf(
  rule: ConfStanza,
  target: ConfStanza | undefined,
): Pick<SelectedSuite, "sections" | "architectures" | "source"> {
  const architectures = architecturesOf(rule, target);
  const source = architectures.includes("source");
  if (rule.stanza.field("Flat") !== undefined) return { sections: [], architectures: [], source };
  const from = rule.stanza.field("Components") === undefined ? target?.stanza : rule.stanza;
  return {
    sections: upstreamNames(from?.words("Components") ?? []),
    architectures: architectures.filter((one) => one !== "source" && one !== "all"),
    source,
  };
}

function remarkOnMissing(
  targets: readonly ConfStanza[],
  rules: ReadonlyMap<string, ConfStanza>,
  remarks: Remarks,
): void {
  for (const target of targets) {
    const codename = target.stanza.text("Codename");
    const names = rulesOf(target);
    const place = placeOf(target, "Update");
    for (const name of names)
      if (!rules.has(name))
        remarks.add("dropped", place, `Update: ${name} of ${codename}`, "there is no such rule");
    if (names.length === 0) {
      const means = "left out: packages of your own, which mirrorctl does not publish";
      remarks.add("changed", place, `distribution ${codename}`, means);
    } else if (names.length > 1) {
      const means = "each rule becomes a mirror of its own: clients need a line for each";
      remarks.add("changed", place, `Update: ${names.join(" ")}`, means);
    }
  }
}
