import { LockError } from "../../platform/locks/lock.ts";
import type { MirrorContext } from "../context.ts";
import { announceEnd, announceFindings } from "./announce.ts";
import { checkTree } from "./checks/check-tree.ts";
import type { VerifiableTree } from "./checks/tree.ts";
import { openVerification } from "./open-verification.ts";
import { Quarantine } from "./quarantine.ts";
import { recorderOf, recordRepair } from "./record-findings.ts";
import { recordShared } from "./record-shared.ts";
import type { VerifyPorts, VerifyRun } from "./repair-rounds.ts";
import { isDamaged, reportOf, type TreeReport, type TreeResult } from "./tree-result.ts";
import { treesToVerify } from "./trees-to-verify.ts";

export interface VerifyOptions {
  /** A snapshot. Unset: the working mirror and every snapshot. */
  readonly name?: string | undefined;
  /** Read every file, not only those that decide which files there are. */
  readonly deep: boolean;
  /** Read every file, and compare every listed digest of packages and sources. */
  readonly allDigests?: boolean;
  readonly repair: boolean;
}

export interface VerifyOutcome {
  readonly trees: readonly TreeReport[];
  /** Who kept the repair from starting. `trees` has what was found. */
  readonly refusal: LockError | undefined;
}

/**
 * Checks whether trees of a mirror are still what was mirrored, and with `repair` makes them so. Without `repair` it takes
 * no lock, and writes only the history and what keeps damaged files out of new trees.
 */
export async function verifySnapshots(
  context: MirrorContext,
  ports: VerifyPorts,
  options: VerifyOptions,
): Promise<VerifyOutcome> {
  // Fails now instead of after hours of reading.
  if (options.repair) (await (await loadRepair()).lockAll(ports.mirrors))[Symbol.dispose]();
  const verification = await openVerification(context, options);
  const quarantine = new Quarantine(context, ports.mirrors);
  const run = { context, ports, verification, quarantine };
  const record = await recorderOf(context, verification.deep);
  const found: TreeResult[] = [];
  for (const tree of await treesToVerify(context, options.name)) {
    const result = await verifyTree(run, tree);
    if (!options.repair || !isDamaged(result)) announceEnd(context.emit, reportOf(context.mirror.id, result));
    await record(result);
    found.push(result);
  }
  const { results, refusal } =
    options.repair && found.some(isDamaged)
      ? await repairTrees(run, found, record)
      : { results: found, refusal: undefined };
  await recordShared(context, verification.deep, ports.mirrors, results);
  const trees = results.map((result) => reportOf(context.mirror.id, result));
  if (options.repair) {
    const isWhole = !results.some(isDamaged);
    if (isWhole) quarantine.lift();
    // Marks of earlier runs. Only a check of every file of every tree shows that nothing is damaged.
    if (isWhole && verification.deep && options.name === undefined) context.memory.unmarkDamaged();
    await recordRepair(context, options.name, trees);
  }
  return { trees, refusal };
}

async function verifyTree(
  { context: { emit, layout }, verification, quarantine }: VerifyRun,
  tree: VerifiableTree,
): Promise<TreeResult> {
  emit({ type: "verify-started", name: tree.name });
  const checked = await checkTree(verification, tree);
  announceFindings(emit, checked);
  const reason = await quarantine.add(checked.findings.damages);
  if (reason !== undefined) emit({ type: "damage-unmarked", reason, dir: layout.dir });
  return { ...checked, repaired: [], left: new Map() };
}

/** It downloads, so it needs most of a sync: a check, and each test of a gate, starts without. */
const loadRepair = () => import("./repair-rounds.ts");

/** Repairs what was found. Announces and records what was repaired even if the run is interrupted. */
async function repairTrees(
  run: VerifyRun,
  found: readonly TreeResult[],
  record: (result: TreeResult) => Promise<void>,
): Promise<{ readonly results: readonly TreeResult[]; readonly refusal: LockError | undefined }> {
  const { emit, mirror } = run.context;
  let results = found;
  let refusal: LockError | undefined;
  try {
    const { repairRounds } = await loadRepair();
    for await (const next of repairRounds(run, found)) results = next;
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    refusal = error;
  } finally {
    const damaged = new Set(found.filter(isDamaged).map(({ tree }) => tree.path));
    for (const result of results.filter(({ tree }) => damaged.has(tree.path))) {
      announceEnd(emit, reportOf(mirror.id, result));
      if (result.repaired.length > 0) await record(result);
    }
  }
  return { results, refusal };
}
