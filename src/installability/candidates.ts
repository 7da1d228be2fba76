/** A package that a machine could install. */
export interface Candidate {
  /** Its place in the universe. */
  readonly id: number;
  readonly name: string;
  readonly version: string;
  /** As its stanza says, such as "all". */
  readonly architecture: string;
  /** The architecture that it has on a machine: for "all", that of the machine. */
  readonly countsAs: string;
  /** Such as "amd64v3". */
  readonly variant: string | undefined;
  readonly multiArch: string | undefined;
  /** All candidates of its name, itself too. */
  readonly namesakes: readonly Candidate[];
  /** Each one must be met. */
  readonly dependencies: readonly Clause[];
  /** What it declares in Conflicts and Breaks. */
  readonly declares: readonly Exclusion[];
  /** What others declare and it matches. */
  readonly excludedBy: readonly Exclusion[];
}

/** A dependency. A package of its alternatives must be installed. */
export interface Clause {
  /** As the index has it, such as "mta | default-mta (>= 2)". */
  readonly text: string;
  readonly alternatives: readonly Candidate[];
}

/** A relation of Conflicts or Breaks, and all that declare it. */
export interface Exclusion {
  readonly text: string;
  readonly declarers: readonly Candidate[];
  readonly targets: readonly Candidate[];
}

/**
 * Calls back with each candidate that cannot be installed together with this one, some of them twice. The relation is
 * symmetric. A machine has one version of a name, and several architectures of it only if all are `Multi-Arch: same`. What a
 * package declares against its own name has no effect (deb-conflicts in deb-control(5), Policy 7.4).
 */
export function forEachRival(one: Candidate, callback: (rival: Candidate) => void): void {
  for (const other of one.namesakes) if (!mayCoexist(one, other)) callback(other);
  for (const { targets } of one.declares)
    for (const target of targets) if (target.name !== one.name) callback(target);
  for (const { declarers } of one.excludedBy)
    for (const declarer of declarers) if (declarer.name !== one.name) callback(declarer);
}

function mayCoexist(one: Candidate, other: Candidate): boolean {
  if (one === other) return true;
  if (one.countsAs === other.countsAs || one.version !== other.version) return false;
  return one.multiArch === "same" && other.multiArch === "same";
}

/** Returns the Conflicts or Breaks that keeps two candidates apart; undefined if they have the same name. */
export function exclusionBetween(one: Candidate, other: Candidate): Exclusion | undefined {
  if (one.name === other.name) return undefined;
  return (
    one.declares.find(({ targets }) => targets.includes(other)) ??
    one.excludedBy.find(({ declarers }) => declarers.includes(other))
  );
}
