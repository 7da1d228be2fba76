/** One package of a simulation of apt-get. A foreign one has its architecture in its name: "libc6:i386". */
export interface PackageChange {
  readonly name: string;
  /** The version that is installed; undefined for a new package. */
  readonly from: string | undefined;
  /** The version that is installed afterwards; undefined for a removed package. */
  readonly to: string | undefined;
}

/** What `apt-get -s` would do. */
export interface Simulation {
  /** True if apt found a solution. */
  readonly isSolved: boolean;
  readonly changes: readonly PackageChange[];
  /** The names of packages with a newer version that apt does not install. */
  readonly keptBack: readonly string[];
  /** What apt says about a failure, line by line; or its warnings. */
  readonly complaints: readonly string[];
}

/** Returns the lines of `apt-get update` that begin with Ign, Err, W or E: without any, all went well. Exit status 0 says less. */
export const updateComplaints = (stdout: string, stderr: string): readonly string[] => [
  ...new Set([...linesOf(stderr), ...linesOf(stdout)].filter((line) => /^(?:W|E|Ign|Err):/.test(line))),
];

/** Reads the output of `apt-get -s` in the C locale. apt 2.6 to 3.3 write the same lines. */
export function readSimulation(isSolved: boolean, stdout: string, stderr: string): Simulation {
  const lines = linesOf(stdout);
  const changes = lines.flatMap((line): readonly PackageChange[] => {
    const [, name, from, to] = installing.exec(line) ?? [];
    if (name !== undefined) return [{ name, from, to }];
    const [, removed, version] = removing.exec(line) ?? [];
    return removed === undefined ? [] : [{ name: removed, from: version, to: undefined }];
  });
  const reasons = lines.slice(indexOrEnd(lines, "The following packages have unmet dependencies:"));
  const said = linesOf(stderr).filter((line) => line !== "");
  return {
    isSolved,
    changes,
    keptBack: namesBelow(lines, "The following packages have been kept back:"),
    complaints: isSolved ? said : [...reasons, ...said],
  };
}

/** Inst NAME [OLD] (NEW ORIGIN [ARCHITECTURE]) */
const installing = /^Inst (\S+)(?: \[([^\]\s]+)\])? \((\S+) /;
/** Remv NAME [OLD] */
const removing = /^Remv (\S+) \[([^\]\s]+)\]/;

/** Returns the names of a list, which apt wraps and indents. */
function namesBelow(lines: readonly string[], heading: string): readonly string[] {
  const rest = lines.slice(indexOrEnd(lines, heading) + 1);
  const end = rest.findIndex((line) => !line.startsWith(" "));
  return rest
    .slice(0, end === -1 ? rest.length : end)
    .flatMap((line) => line.split(" "))
    .filter((name) => name !== "");
}

/** Reads `apt-cache madison`: the versions that the sources have of each package. */
export function readOffers(stdout: string): ReadonlyMap<string, readonly string[]> {
  const offers = new Map<string, string[]>();
  for (const line of linesOf(stdout)) {
    const [name = "", version] = line.split("|").map((part) => part.trim());
    if (version !== undefined) offers.set(name, [...(offers.get(name) ?? []), version]);
  }
  return offers;
}

function indexOrEnd(lines: readonly string[], wanted: string): number {
  const at = lines.indexOf(wanted);
  return at === -1 ? lines.length : at;
}

const linesOf = (text: string): readonly string[] => text.split("\n").map((line) => line.trimEnd());
