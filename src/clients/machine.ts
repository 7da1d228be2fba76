import type { ProgramResult } from "../platform/machine/programs.ts";
import { removeTree } from "../platform/remove-tree.ts";
import { readOffers, readSimulation, type Simulation, updateComplaints } from "./apt-output.ts";
import { type AptSource, isExpected } from "./apt-source.ts";
import { placesOf, writeRootFile } from "./private-root.ts";
import type { RootPaths } from "./root-paths.ts";

/** The packages that a machine has. */
export interface InstalledPackages {
  /** A copy of /var/lib/dpkg/status. */
  readonly status: Uint8Array;
  /** A copy of /var/lib/apt/extended_states: which of them were installed automatically. */
  readonly extendedStates: Uint8Array | undefined;
}

/** A machine in a private root: apt there neither reads nor changes what this machine's own apt is configured with or knows. */
export interface AptMachine extends AsyncDisposable {
  /** Reads the sources. Returns apt's complaints, without those that the sources' mirrors accepted. */
  update(): Promise<readonly string[]>;
  /** Gives the machine other packages. Without a call, it has none. */
  setInstalled(installed: InstalledPackages): void;
  simulateInstall(names: readonly string[]): Promise<Simulation>;
  simulateUpgrade(): Promise<Simulation>;
  /** Returns the versions of each package that the sources have. */
  offers(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Runs a program of apt, such as apt-get. */
export type RunTool = (
  tool: string,
  args: readonly string[],
  where: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
) => Promise<Pick<ProgramResult, "stdout" | "stderr"> & { readonly status: number }>;

/** Returns the machine of a private root, which it removes in the end. */
export function machineIn(paths: RootPaths, sources: readonly AptSource[], runTool: RunTool): AptMachine {
  const { root, conf, tmp, mirrors, status: statusFile, extendedStates: extendedStatesFile } = paths;
  const env = { APT_CONFIG: conf, HOME: root, TMPDIR: tmp };
  const run = (tool: string, args: readonly string[]) => runTool(tool, args, { cwd: root, env });
  // Nobody can look at these paths when the line is read.
  const withoutPaths = (line: string): string =>
    [`file:${mirrors}/`, `${mirrors}/`, `${root}/`].reduce((text, path) => text.replaceAll(path, ""), line);
  const isAccepted = (line: string): boolean =>
    sources.some((source) => isExpected(line, source, placesOf(paths, source)));
  const simulate = async (args: readonly string[]): Promise<Simulation> => {
    const { status, stdout, stderr } = await run("apt-get", ["--simulate", ...args]);
    const { complaints, ...simulation } = readSimulation(status === 0, stdout, stderr);
    return { ...simulation, complaints: complaints.map(withoutPaths) };
  };
  return {
    async update() {
      const { status, stdout, stderr } = await run("apt-get", ["update"]);
      const complaints = updateComplaints(stdout, stderr).filter((line) => !isAccepted(line));
      if (status !== 0 && complaints.length === 0)
        return [`E: apt-get update ended with exit status ${status}`];
      return complaints.map(withoutPaths);
    },
    setInstalled({ status, extendedStates }) {
      writeRootFile(statusFile, status);
      writeRootFile(extendedStatesFile, extendedStates ?? "");
    },
    simulateInstall: (names) => simulate(["install", "--", ...names]),
    simulateUpgrade: () => simulate(["dist-upgrade"]),
    async offers(names) {
      if (names.length === 0) return new Map();
      return readOffers((await run("apt-cache", ["madison", "--", ...names])).stdout);
    },
    [Symbol.asyncDispose]: () => removeTree(root),
  };
}
