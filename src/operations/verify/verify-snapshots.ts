import { LockError } from "../../platform/locks/lock.ts";
import { countOf } from "../../report/units.ts";
import type { MirrorContext } from "../context.ts";
import { readKnownDamage } from "../history/index.ts";
import { openKeyring } from "../open-keyring.ts";
import { tellEnd, tellFindings } from "./announce.ts";
import { checkTree } from "./checks/check-tree.ts";
import type { VerifiableTree } from "./checks/findings.ts";
import { InodeDigests } from "./checks/inode-digests.ts";
import type { Verification, VerifyPorts } from "./checks/verification.ts";
import { Quarantine } from "./quarantine.ts";
import { recordFindings } from "./record-findings.ts";
import { recordShared } from "./record-shared.ts";
import { lockAll, repairTrees } from "./repair-rounds.ts";
import { reportOf, type TreeReport, type Verdict } from "./tree-result.ts";
import { treesToVerify } from "./trees-to-verify.ts";

export interface VerifyOptions {
  /** Unset: the working mirror and every snapshot. */
  readonly name?: string | undefined;
  /** Read every file, not only what decides which files there are. */
  readonly deep: boolean;
  /** Compare with every listed digest of packages and sources too, for which every file is read. */
  readonly allDigests?: boolean;
  readonly repair: boolean;
}

export interface VerifyOutcome {
  readonly trees: readonly TreeReport[];
  /** Who kept the repair from being done; what was found is told all the same. */
  readonly refusal: LockError | undefined;
}

/**
 * Looks whether trees of a mirror are still what was mirrored, and with `repair` makes them so. Without it takes no lock,
 * and writes nothing but what keeps damaged files out of new trees.
 */
export async function verifySnapshots(
  context: MirrorContext,
  ports: VerifyPorts,
  options: VerifyOptions,
): Promise<VerifyOutcome> {
  if (options.repair) (await lockAll(ports.mirrors))[Symbol.dispose](); // hours of reading are not to end in a refusal
  const verification = await openVerification(context, options);
  const guard = new Quarantine(ports.mirrors);
  const verdicts: Verdict[] = [];
  for (const tree of treesToVerify(context, options.name)) {
    const verdict = await verifyTree(verification, guard, tree);
    if (!options.repair || !isBroken(verdict)) tellEnd(context, reportOf(context, verdict));
    recordFindings(verification, verdict);
    verdicts.push(verdict);
  }
  const broken = verdicts.filter(isBroken);
  const refusal = options.repair ? await repairBroken(verification, guard, ports, broken) : undefined;
  recordShared(verification, ports.mirrors, verdicts);
  const trees = verdicts.map((verdict) => reportOf(context, verdict));
  if (options.repair && verification.deep && options.name === undefined && !broken.some(isBroken))
    context.memory.unmarkDamaged(); // of an earlier run
  if (options.repair) recordRepair(context, options, trees);
  return { trees, refusal };
}

async function openVerification(
  context: MirrorContext,
  { deep, allDigests = false }: VerifyOptions,
): Promise<Verification> {
  const { signal, emit, mirror } = context;
  const digests = new InodeDigests(signal, (sizeBytes) => emit({ type: "reading-progressed", sizeBytes }));
  const keyring = mirror.pgpCheck ? await openKeyring(context) : undefined;
  const known = readKnownDamage(context);
  return { context, digests, deep: deep || allDigests, allDigests, keyring, known };
}

async function verifyTree(
  verification: Verification,
  guard: Quarantine,
  tree: VerifiableTree,
): Promise<Verdict> {
  const { context } = verification;
  context.emit({ type: "verify-started", name: tree.name });
  const checked = await checkTree(verification, tree);
  tellFindings(context, checked);
  const unmarked = guard.keepOut(context, checked.tree, checked.findings.damages);
  if (unmarked !== undefined)
    context.emit({ type: "damage-unmarked", reason: unmarked, dir: context.layout.dir });
  return { checked, repaired: [], left: new Map() };
}

const isBroken = ({ checked: { findings } }: Verdict): boolean =>
  findings.damages.length + findings.faults.length > 0;

async function repairBroken(
  verification: Verification,
  guard: Quarantine,
  ports: VerifyPorts,
  broken: readonly Verdict[],
): Promise<LockError | undefined> {
  const { context } = verification;
  try {
    if (broken.length > 0) await repairTrees(verification, guard, ports, broken);
    if (!broken.some(isBroken)) guard.lift();
    return undefined;
  } catch (error) {
    if (error instanceof LockError) return error;
    throw error;
  } finally {
    for (const verdict of broken) {
      tellEnd(context, reportOf(context, verdict));
      if (verdict.repaired.length > 0) recordFindings(verification, verdict);
    }
  }
}

function recordRepair(context: MirrorContext, { name }: VerifyOptions, trees: readonly TreeReport[]): void {
  const damages = trees.flatMap((tree) => tree.damages);
  const repaired = damages.filter((damage) => damage.repaired).length;
  const left = damages.length - repaired + trees.flatMap(({ faults }) => faults).length;
  const what = name ?? countOf(trees.length, "tree");
  context.record({
    action: "verify",
    result: left > 0 ? "failed" : repaired > 0 ? "done" : "unchanged",
    detail: `${what}: ${repaired} repaired, ${left} not`,
  });
}
