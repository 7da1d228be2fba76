import { isOn } from "../apt-mirror/apt-mirror-settings.ts";
import type { Remark, Values } from "../drafts/imported.ts";
import type { Remarks } from "../drafts/remarks.ts";
import { excludePatterns, literalPattern, type NameFilter } from "../names/name-filter.ts";
import type { RepositoryOption } from "./listed.ts";

type Meaning = readonly [kind: Remark["kind"], means: string];

const cleaning: Meaning = ["changed", "not needed: a sync removes what upstream no longer lists"];
const byFields = (what: string): Meaning => [
  "dropped",
  `packages cannot be left out or chosen by their ${what}`,
];

const meanings: Readonly<Record<string, Meaning>> = {
  clean: cleaning,
  "skip-clean": cleaning,
  "http2-disable": ["changed", "not needed: about the way apt-mirror2 works"],
  "by-hash": ["changed", "not needed: indices are requested by digest where upstream has them"],
  mirror_path: [
    "changed",
    "not needed, since mirrorctl keeps its own tree in dir, below the id of the mirror",
  ],
  mirror_dist_upgrader: ["dropped", "only what Release and its indices list is mirrored"],
  ignore_errors: [
    "dropped",
    "not for single paths; allow_missing = true goes on without whatever upstream lacks",
  ],
  include_source_name: byFields("source package"),
  exclude_source_name: byFields("source package"),
  include_sections: byFields("section"),
  exclude_sections: byFields("section"),
  include_tags: byFields("tags"),
  exclude_tags: byFields("tags"),
};

export const isRepositoryOption = (name: string): boolean =>
  Object.hasOwn(meanings, name) || name === "gpg_verify" || Object.hasOwn(nameFilters, name);

const nameFilters: Readonly<Record<string, (names: NameFilter) => NameFilter>> = {
  include_binary_packages: (names) => names,
  exclude_binary_packages: (part) => ({ kind: "not", part }),
};

/** Says what the options of a repository mean here, and returns the tables that they become. */
export function tablesOf(
  options: readonly RepositoryOption[],
  hasSources: boolean,
  remarks: Remarks,
): Readonly<Record<string, Values>> {
  for (const { name, values, place, said } of options) {
    const [kind, means] = name === "gpg_verify" ? verifying(values[0] ?? "") : (meanings[name] ?? []);
    if (kind !== undefined && means !== undefined) remarks.add(kind, place, said, means);
  }
  const patterns = Object.keys(nameFilters).flatMap((name) => {
    const own = options.filter((one) => one.name === name);
    return patternsOf(own, hasSources, remarks);
  });
  return patterns.length === 0 ? {} : { filters: { exclude_patterns: patterns } };
}

const verifying = (value: string): Meaning => [
  isOn(value) ? "imported" : "changed",
  "every signature is checked, and a Release without one is refused",
];

/** Sources do not have these filters, and exclude_patterns are for both. */
function patternsOf(
  options: readonly RepositoryOption[],
  hasSources: boolean,
  remarks: Remarks,
): readonly string[] {
  const names = options.flatMap(({ values }) => values);
  for (const { place, said } of options) {
    if (hasSources)
      remarks.add(
        "dropped",
        place,
        said,
        "exclude_patterns would leave out source packages of other names too",
      );
    else remarks.add("imported", place, said, "exclude_patterns");
  }
  const [first] = options;
  if (first === undefined || hasSources || names.length === 0) return [];
  const pattern = [...new Set(names)].map(literalPattern).join("|");
  return excludePatterns(nameFilters[first.name]?.({ kind: "name", pattern }) ?? { kind: "and", parts: [] });
}
