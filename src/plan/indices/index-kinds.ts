/** The kinds that the configuration can switch off, each with its option on. */
export const allKinds = { contents: true, translations: true, dep11: true, cnf: true, installer: true };
export type KindOption = keyof typeof allKinds;

/** What a mirror wants of each section. */
export interface SectionSelection {
  /** "all" is always included. */
  readonly architectures: readonly string[];
  readonly source: boolean;
  readonly kinds: Readonly<Record<KindOption, boolean>>;
}

/** The option of each kind; undefined for a kind that clients cannot do without, or that belongs to one. */
const optionOfKind = {
  packages: undefined,
  sources: undefined,
  translation: "translations",
  contents: "contents",
  dep11: "dep11",
  cnf: "cnf",
  /** The small Release file in the directory of a Packages or Sources, not that of the suite. */
  release: undefined,
  /** The lists of the files that start debian-installer: MD5SUMS and SHA256SUMS. */
  "installer-images": "installer",
} as const satisfies Readonly<Record<string, KindOption | undefined>>;

export type IndexKind = keyof typeof optionOfKind;

/** Returns the option that leaves out all indices of a kind, if there is one. */
export const optionOf = (kind: IndexKind): KindOption | undefined => optionOfKind[kind];

/** The kind of a wanted file, and what it is for. */
export interface Classified {
  readonly kind: IndexKind;
  /** Directory of its section, "main/debian-installer" too; undefined beside the Release. */
  readonly section: string | undefined;
  /** As in its name: "amd64", "amd64v3", "all", or "source" for Sources. Undefined if it serves every architecture. */
  readonly architecture: string | undefined;
}

/** Classifies a name below the directory of a section; undefined for a file that is not wanted. */
export function classifyInSection(
  section: string,
  name: string,
  selection: SectionSelection,
): Classified | undefined {
  const isInstaller = name.startsWith("debian-installer/");
  return classify(name, sectionRows, selection, isInstaller ? `${section}/debian-installer` : section);
}

/** Classifies a name beside the Release of a suite with sections: only the old place of Contents. */
export function classifyBesideRelease(name: string, selection: SectionSelection): Classified | undefined {
  return classify(name, contentsRows, selection);
}

/** Classifies a name of a flat suite, where all architectures share one Packages. */
export function classifyFlat(name: string, selection: SectionSelection): Classified | undefined {
  return classify(name, flatRows, selection);
}

interface Row {
  readonly kind: IndexKind;
  /** Captures the architecture, if there is one. */
  readonly pattern: RegExp;
  /** Wanted only with `installer`, beside the option of its kind. */
  readonly ofInstaller?: true;
}

const contentsRows: readonly Row[] = [
  { kind: "contents", pattern: /^Contents-udeb-([^/]+)$/, ofInstaller: true },
  { kind: "contents", pattern: /^Contents-([^/]+)$/ },
];

// Each pattern ends where the name does, which leaves out "Packages.diff/Index": clients fetch the whole file instead.
const sectionRows: readonly Row[] = [
  { kind: "packages", pattern: /^binary-([^/]+)\/Packages$/ },
  { kind: "release", pattern: /^binary-([^/]+)\/Release$/ },
  { kind: "sources", pattern: /^(source)\/Sources$/ },
  { kind: "release", pattern: /^(source)\/Release$/ },
  { kind: "translation", pattern: /^i18n\/(?:Translation-[^/]+|Index)$/ },
  { kind: "dep11", pattern: /^dep11\/Components-([^/]+)\.yml$/ },
  { kind: "dep11", pattern: /^dep11\/icons-[^/]+$/ },
  { kind: "cnf", pattern: /^cnf\/Commands-([^/]+)$/ },
  ...contentsRows,
  { kind: "packages", pattern: /^debian-installer\/binary-([^/]+)\/Packages$/, ofInstaller: true },
  { kind: "release", pattern: /^debian-installer\/binary-([^/]+)\/Release$/, ofInstaller: true },
  {
    kind: "installer-images",
    // "legacy-" in Ubuntu 20.04, where another installer had become the usual one.
    pattern: /^installer-([^/]+)\/[^/]+\/(?:legacy-)?images\/(?:MD5SUMS|SHA256SUMS)$/,
  },
];

const flatRows: readonly Row[] = [
  { kind: "packages", pattern: /^Packages$/ },
  { kind: "sources", pattern: /^Sources$/ },
  // apt requests "en" or "pt_BR" of a flat suite, without "Translation-" before it (flatMetaKey "$(LANGUAGE)").
  { kind: "translation", pattern: /^(?:Translation-[^/]+|[a-z]{2,3}(?:_[A-Za-z]+)?(?:@[a-z]+)?)$/ },
  { kind: "contents", pattern: /^Contents(?:-[^/]+)?$/ },
];

function classify(
  name: string,
  rows: readonly Row[],
  selection: SectionSelection,
  section?: string,
): Classified | undefined {
  for (const row of rows) {
    const match = row.pattern.exec(name);
    if (match === null) continue;
    const classified = { kind: row.kind, section, architecture: match[1] };
    return isSelected(classified, selection) && (!row.ofInstaller || selection.kinds.installer)
      ? classified
      : undefined;
  }
  return undefined;
}

function isSelected(
  { kind, architecture }: Classified,
  { kinds, source, architectures }: SectionSelection,
): boolean {
  const option = optionOf(kind);
  if (option !== undefined && !kinds[option]) return false;
  if (kind === "sources" || architecture === "source") return source;
  return architecture === undefined || architecture === "all" || architectures.includes(architecture);
}
