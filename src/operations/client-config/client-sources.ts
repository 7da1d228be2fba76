import { isDeepStrictEqual } from "node:util";
import type { SignedBy, SourceEntry, SourceOption, SourceType } from "../../apt-sources/index.ts";
import type { SuiteContents } from "../../contents/index.ts";
import { findVariantsLeftOut, isVariant, isVariantOf } from "../../plan/index.ts";
import { isForMachines } from "../trees/index.ts";

/** Which kinds of indices a mirror has, and what it accepts of its upstream. */
export interface ClientTerms {
  readonly kinds: {
    readonly contents: boolean;
    readonly translations: boolean;
    readonly dep11: boolean;
    readonly cnf: boolean;
  };
  readonly allow: { readonly expired: boolean; readonly future: boolean; readonly weak: boolean };
}

/**
 * Returns what clients read of a tree: its suites, each with the sections and types that the tree has. Suites that are
 * otherwise alike share an entry.
 */
export function clientSources(
  suites: readonly SuiteContents[],
  { kinds, allow }: ClientTerms,
  { uri, signedBy }: { readonly uri: string; readonly signedBy: SignedBy | undefined },
): readonly SourceEntry[] {
  const entries: SourceEntry[] = [];
  for (const suite of suites) {
    const types = typesOf(suite);
    if (types.length === 0) continue;
    const entry: SourceEntry = {
      line: 1,
      enabled: true,
      types,
      uris: [uri],
      suites: [suite.suite.name],
      components: suite.suite.isFlat ? [] : sectionsOf(suite),
      signedBy,
      options: [...architectureOptions(suite), ...kindOptions(kinds), ...leniency(allow)],
    };
    const alike = entries.findIndex((other) =>
      isDeepStrictEqual({ ...other, suites: [] }, { ...entry, suites: [] }),
    );
    const before = entries[alike];
    if (before === undefined) entries.push(entry);
    else entries[alike] = { ...before, suites: [...before.suites, suite.suite.name] };
  }
  return entries;
}

function typesOf({ indices }: SuiteContents): readonly SourceType[] {
  return [
    ...(indices.some(isForMachines) ? (["deb"] as const) : []),
    ...(indices.some(({ wanted }) => wanted.kind === "sources") ? (["deb-src"] as const) : []),
  ];
}

const sectionsOf = ({ indices }: SuiteContents): readonly string[] => [
  ...new Set(
    indices
      .filter((index) => isForMachines(index) || index.wanted.kind === "sources")
      .flatMap(({ wanted }) => wanted.section ?? []),
  ),
];

const set = (name: string, ...values: readonly string[]): SourceOption => ({ name, change: "set", values });

/**
 * A client that accepts an architecture that Release lists and the mirror lacks, such as i386 beside amd64, cannot update. If
 * the mirror has a single one, clients shall read no other. If it has several, each reads its own, and only variants
 * that are left out are excluded.
 */
function architectureOptions(suite: SuiteContents): readonly SourceOption[] {
  if (suite.suite.isFlat) return [];
  const held = [
    ...new Set(suite.indices.filter(isForMachines).flatMap(({ wanted }) => wanted.architecture ?? [])),
  ].filter((name) => name !== "all");
  const bases = held.filter((name) => !isVariant(name));
  const [only] = bases;
  if (only !== undefined && bases.length === 1 && !held.some((name) => isVariantOf(name, only)))
    return [set("Architectures", only)];
  const variants = findVariantsLeftOut([suite], { sections: sectionsOf(suite), architectures: held });
  if (variants.length === 0) return [];
  return [{ name: "Architectures", change: "remove", values: variants.map(({ variant }) => variant) }];
}

/** apt drops a suite if an index is missing that Release lists and a program of the client wants. */
function kindOptions(kinds: ClientTerms["kinds"]): readonly SourceOption[] {
  const targets = [
    ...(kinds.contents ? [] : ["Contents-deb", "Contents-udeb", "Contents-dsc"]),
    ...(kinds.dep11 ? [] : dep11Targets),
    ...(kinds.cnf ? [] : ["CNF"]),
  ];
  return [
    ...(kinds.translations ? [] : [set("Languages", "none")]),
    ...(targets.length === 0 ? [] : [{ name: "Targets", change: "remove", values: targets } as const]),
  ];
}

/** In the words of the programs that declare them: apt-file, appstream, command-not-found. */
const dep11Targets = [
  "DEP-11",
  ...["-small", "", "-large"].flatMap((size) => [`DEP-11-icons${size}`, `DEP-11-icons${size}-hidpi`]),
];

/** What the mirror accepts, its clients must accept too. */
const leniency = (allow: ClientTerms["allow"]): readonly SourceOption[] => [
  ...(allow.expired ? [set("Check-Valid-Until", "no")] : []),
  ...(allow.future ? [set("Check-Date", "no")] : []),
  ...(allow.weak ? [set("Allow-Weak", "yes")] : []),
];
