import type { IndexKind, Selection } from "./selection.ts";

/** Which kind of wanted index a file is, and of which architecture; undefined for one that is not wanted. */
export interface Classified {
  readonly kind: IndexKind;
  /** "source" for Sources and its company; undefined where the index serves every architecture. */
  readonly architecture: string | undefined;
}

/** Classifies by the uncompressed name, relative to the directory of a section. */
export function classifyInSection(name: string, selection: Selection): Classified | undefined {
  return classify(name, sectionRows, selection);
}

/** Classifies a name that stands beside the Release file of a suite with sections: only the old place of Contents. */
export function classifyBesideRelease(name: string, selection: Selection): Classified | undefined {
  return classify(name, contentsRows, selection);
}

/** Classifies a name of a flat suite, where all architectures share one Packages. */
export function classifyFlat(name: string, selection: Selection): Classified | undefined {
  return classify(name, flatRows, selection);
}

interface Row {
  readonly kind: IndexKind;
  /** What it captures, if anything, is the architecture. */
  readonly pattern: RegExp;
  /** All of them must be switched on. */
  readonly options?: readonly (keyof Selection["kinds"])[];
}

const contentsRows: readonly Row[] = [
  { kind: "contents", pattern: /^Contents-udeb-([^/]+)$/, options: ["contents", "installer"] },
  { kind: "contents", pattern: /^Contents-([^/]+)$/, options: ["contents"] },
];

// The patterns end where the name does, which leaves out "Packages.diff/Index": clients take the whole file instead.
const sectionRows: readonly Row[] = [
  { kind: "packages", pattern: /^binary-([^/]+)\/Packages$/ },
  { kind: "release", pattern: /^binary-([^/]+)\/Release$/ },
  { kind: "sources", pattern: /^source\/Sources$/ },
  { kind: "release", pattern: /^(source)\/Release$/ },
  { kind: "translation", pattern: /^i18n\/(?:Translation-[^/]+|Index)$/, options: ["translations"] },
  { kind: "dep11", pattern: /^dep11\/Components-([^/]+)\.yml$/, options: ["dep11"] },
  { kind: "dep11", pattern: /^dep11\/icons-[^/]+$/, options: ["dep11"] },
  { kind: "cnf", pattern: /^cnf\/Commands-([^/]+)$/, options: ["cnf"] },
  ...contentsRows,
  { kind: "packages", pattern: /^debian-installer\/binary-([^/]+)\/Packages$/, options: ["installer"] },
  { kind: "release", pattern: /^debian-installer\/binary-([^/]+)\/Release$/, options: ["installer"] },
  {
    kind: "installer-images",
    // "legacy-" in Ubuntu 20.04, where another installer had become the usual one.
    pattern: /^installer-([^/]+)\/[^/]+\/(?:legacy-)?images\/(?:MD5SUMS|SHA256SUMS)$/,
    options: ["installer"],
  },
];

const flatRows: readonly Row[] = [
  { kind: "packages", pattern: /^Packages$/ },
  { kind: "sources", pattern: /^Sources$/ },
  // apt asks a flat suite for "en" or "pt_BR", without "Translation-" before it (flatMetaKey "$(LANGUAGE)").
  {
    kind: "translation",
    pattern: /^(?:Translation-[^/]+|[a-z]{2,3}(?:_[A-Za-z]+)?(?:@[a-z]+)?)$/,
    options: ["translations"],
  },
  { kind: "contents", pattern: /^Contents(?:-[^/]+)?$/, options: ["contents"] },
];

function classify(name: string, rows: readonly Row[], selection: Selection): Classified | undefined {
  for (const { kind, pattern, options = [] } of rows) {
    const match = pattern.exec(name);
    if (match === null) continue;
    const architecture = match[1];
    const isWanted =
      options.every((option) => selection.kinds[option]) &&
      (kind !== "sources" || selection.source) &&
      (architecture === undefined || isSelected(architecture, selection));
    return isWanted ? { kind, architecture } : undefined;
  }
  return undefined;
}

function isSelected(architecture: string, selection: Selection): boolean {
  if (architecture === "source") return selection.source;
  return architecture === "all" || selection.architectures.includes(architecture);
}
