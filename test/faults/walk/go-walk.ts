import { hasCode } from "../../../src/errors.ts";
import { messageOf } from "../../../src/report/errors.ts";
import { mirrorStatesOf } from "../disk-state.ts";
import { withFault } from "../faulty-disk.ts";
import { fileSystem } from "../faulty-fs.ts";
import { differingSpares, leftoversOf, strayLinks, unheldObjects } from "../problems.ts";
import {
  changedSnapshots,
  differencesFromFresh,
  filesLostToClients,
  wrongCounts,
  wrongUsage,
} from "./check-move.ts";
import { FreshTrees } from "./fresh-trees.ts";
import { run, surround } from "./make-move.ts";
import { isSurrounding, type MirrorId, mirrorIds, type Run } from "./moves.ts";
import type { Walk } from "./walk.ts";
import { WalkedSite } from "./walked-site.ts";

export interface Misstep {
  readonly move: number;
  readonly problems: readonly string[];
}

/** Returns the first move after which something is wrong. */
export async function goWalk({ namesMax, moves }: Walk): Promise<Misstep | undefined> {
  await using site = await WalkedSite.make();
  const walker = new Walker(site, namesMax);
  fileSystem.namesMax = namesMax;
  try {
    for (const [index, move] of moves.entries()) {
      if (isSurrounding(move)) await surround(site, move);
      const problems = isSurrounding(move) ? [] : await walker.run(move);
      if (problems.length > 0) return { move: index, problems };
    }
    return undefined;
  } finally {
    fileSystem.namesMax = Number.POSITIVE_INFINITY;
  }
}

class Walker {
  readonly #site: WalkedSite;
  readonly #namesMax: number;
  readonly #fresh = new FreshTrees();
  #before: ReturnType<typeof mirrorStatesOf> = {};
  /** False if a failed run may have left objects that nothing holds, for a later one to free. */
  #isSwept = true;

  constructor(site: WalkedSite, namesMax: number) {
    this.#site = site;
    this.#namesMax = namesMax;
  }

  /** Returns what is wrong after a run. */
  async run(move: Run): Promise<readonly string[]> {
    this.#site.passMinutes(1);
    const fault = "fault" in move ? move.fault : undefined;
    const work = (): Promise<readonly MirrorId[]> => run(this.#site, move);
    const { outcome } = await withFault(fault?.kind ?? "EIO", fault?.at ?? Number.POSITIVE_INFINITY, work);
    const before = this.#before;
    this.#before = mirrorStatesOf(this.#site);
    const problems = [
      ...changedSnapshots(move, before, this.#before),
      ...filesLostToClients(this.#site, before, this.#before),
    ];
    if (fault !== undefined || ("error" in outcome && !hasCode(outcome.error, ...refusals)))
      this.#isSwept = false;
    if (fault !== undefined) return problems;
    if ("error" in outcome)
      return isExpected(move, outcome.error) ? problems : [...problems, messageOf(outcome.error)];
    return [...problems, ...(await this.#problemsAfterSuccess(move, outcome.result))];
  }

  async #problemsAfterSuccess(move: Run, synced: readonly MirrorId[]): Promise<readonly string[]> {
    const site = this.#site;
    const problems = [...differingSpares(site)];
    for (const id of synced)
      problems.push(...(await differencesFromFresh(site, id, this.#before[id], this.#fresh)));
    // Copies have the same bytes twice, and records do not know of them.
    if (this.#namesMax === Number.POSITIVE_INFINITY)
      for (const id of mirrorIds)
        problems.push(...(await wrongCounts(site, id)), ...(await wrongUsage(site, id)));
    if (move.does === "tidy up") {
      this.#isSwept = true;
      problems.push(...leftoversOf(site), ...strayLinks(site).filter(leadsNowhere));
    }
    if (this.#isSwept && sweeping.has(move.does)) problems.push(...unheldObjects(site));
    return problems;
  }
}

/** The next move of a link removes the temporary name that a killed one leaves. */
const leadsNowhere = (problem: string): boolean => problem.includes("leads nowhere");

/** The moves that free what nothing holds any longer. */
const sweeping: ReadonlySet<Run["does"]> = new Set(["sync", "sync both", "tidy up", "delete", "prune"]);

/** The site is not always ready for what a walk wants: there is nothing to go back to, or somebody uses a snapshot. */
const refusals = [
  "NOTHING_IN_PRODUCTION",
  "NOTHING_SYNCED",
  "NO_PREDECESSOR",
  "SNAPSHOT_EXISTS",
  "SNAPSHOT_IN_USE",
];

const isExpected = (move: Run, error: unknown): boolean =>
  hasCode(error, ...refusals) || (move.does === "sync lacking" && hasCode(error, "FILES_MISSING"));
