import type { Remark, Values } from "../drafts/imported.ts";
import type { Remarks } from "../drafts/remarks.ts";
import { excludePatterns, type NameFilter, Untranslatable } from "../names/name-filter.ts";
import { type FilterLists, parseFilterList } from "./filter-lists.ts";
import { parseRepreproFormula } from "./formula.ts";
import { type ConfStanza, placeOf } from "./rules.ts";

const isYes = (text: string): boolean => /^(?:yes|true|1)$/i.test(text);

/** Returns the keys of the mirrors of a rule, and says what its other fields mean. */
export function valuesOfRule(
  rule: ConfStanza,
  targets: readonly (ConfStanza | undefined)[],
  remarks: Remarks,
): Values {
  const { stanza } = rule;
  for (const field of stanza.fields.values()) {
    const name = field.name.toLowerCase();
    const [kind, means] = (Object.hasOwn(meanings, name) ? meanings[name] : undefined) ?? [];
    const said = `${field.name}: ${field.lines.join(" ").trim()}`;
    if (kind !== undefined && means !== undefined) remarks.add(kind, placeOf(rule, field.name), said, means);
  }
  const own = stanza.field("UDebComponents") === undefined ? targets.map((one) => one?.stanza) : [stanza];
  const hasUdebs = own.some((one) => (one?.words("UDebComponents") ?? []).length > 0);
  return { ...signerValues(rule, remarks), ...(hasUdebs ? { installer: true } : {}) };
}

const hook = "nothing changes the lists of upstream: they stay as they were signed";
const unneeded = "not needed: about the way reprepro works";

const meanings: Readonly<Record<string, readonly [kind: Remark["kind"], means: string]>> = {
  udebcomponents: ["changed", "installer = true: the udebs of all sections, and the images of the installer"],
  listhook: ["dropped", hook],
  listshellhook: ["dropped", hook],
  config: ["dropped", "settings of apt are not read: for proxies, see docs/upstreams.md"],
  getinrelease: ["changed", unneeded],
  downloadlistsas: ["changed", unneeded],
  ignorehashes: ["changed", "not supported: every digest that Release lists is checked"],
  omitextrasourceonly: ["changed", "not needed: all source packages are mirrored"],
};

function signerValues(rule: ConfStanza, remarks: Remarks): Values {
  const { stanza } = rule;
  const place = placeOf(rule, "VerifyRelease");
  const said = `VerifyRelease: ${stanza.text("VerifyRelease")}`;
  if (isYes(stanza.text("IgnoreRelease")))
    remarks.add(
      "changed",
      placeOf(rule, "IgnoreRelease"),
      `IgnoreRelease: ${stanza.text("IgnoreRelease")}`,
      "not supported: the Release of upstream and its signature are always checked",
    );
  if (stanza.text("VerifyRelease") === "") {
    const means = "the signature is checked, with apt's own keys unless pgp_key_path names others";
    remarks.add("changed", placeOf(rule), `no VerifyRelease in ${stanza.text("Name")}`, means);
    return {};
  }
  if (stanza.text("VerifyRelease") === "blindtrust") {
    remarks.add("imported", place, said, "no_pgp_check = true, which each run warns of");
    return { no_pgp_check: true };
  }
  const keys = stanza
    .text("VerifyRelease")
    .split("|")
    .map((key) => key.trim());
  const fingerprints = keys.map((key) => key.replace(/[+!]+$/, "").toUpperCase());
  const isWhole = fingerprints.every((one) => /^[0-9A-F]{40}$/.test(one));
  if (keys.some((key) => key.includes("!"))) {
    const means = "revoked keys are always refused; allow_expired_keys = true accepts expired ones";
    remarks.add("dropped", place, said, means);
  }
  const where =
    'the keys of reprepro are in a keyring of gpg: gpg --export KEY > FILE, and pgp_key_path = "FILE"';
  if (isWhole) remarks.add("changed", place, said, `signed_by; ${where}`);
  else
    remarks.add(
      "dropped",
      place,
      said,
      `signed_by has whole fingerprints, and without it any key of pgp_key_path may sign; ${where}`,
    );
  return isWhole ? { signed_by: [...new Set(fingerprints)] } : {};
}

/** Returns the filters of a rule. Each is taken over as it is, or not at all. */
export function tablesOfRule(
  rule: ConfStanza,
  hasSources: boolean,
  lists: FilterLists,
  remarks: Remarks,
): Readonly<Record<string, Values>> {
  const { stanza } = rule;
  const hasSourceList = stanza.field("FilterSrcList") !== undefined;
  const readers: Readonly<Record<string, () => NameFilter>> = {
    FilterFormula: () => parseRepreproFormula(stanza.text("FilterFormula")),
    FilterList() {
      if (hasSourceList && hasSources)
        throw new Untranslatable(
          "source packages have a list of their own, and exclude_patterns are for both",
        );
      return parseFilterList(stanza.words("FilterList"), lists);
    },
    FilterSrcList() {
      throw new Untranslatable("packages cannot be chosen by the name of their source package");
    },
  };
  const isOwn = (name: string): boolean =>
    stanza.field(name) !== undefined &&
    !(name === "FilterSrcList" && !hasSources && stanza.field("FilterList") !== undefined);
  const patterns = Object.entries(readers)
    .filter(([name]) => isOwn(name))
    .flatMap(([name, read]) => {
      const said = `${name}: ${stanza.text(name)}`;
      try {
        const found = excludePatterns(read());
        remarks.add(
          "imported",
          placeOf(rule, name),
          said,
          "exclude_patterns, which leave out every other package",
        );
        return found;
      } catch (error) {
        if (!(error instanceof Untranslatable)) throw error;
        remarks.add("dropped", placeOf(rule, name), said, `${error.message}. This filter is left out`);
        return [];
      }
    });
  return patterns.length === 0 ? {} : { filters: { exclude_patterns: patterns } };
}
