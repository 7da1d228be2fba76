import type { MirrorContext } from "../context.ts";
import { openRepairSource, type SyncPorts } from "../sync/index.ts";
import { announceDamages, announceRepairs } from "./announce.ts";
import { checkTree } from "./checks/check-tree.ts";
import type { Damage } from "./checks/findings.ts";
import type { Verification } from "./checks/verification.ts";
import type { Quarantine } from "./quarantine.ts";
import { repairDamage } from "./repair/repair-damage.ts";
import type { LeftDamaged, RepairResult } from "./repair/repair-result.ts";
import type { TreeResult } from "./tree-result.ts";

export interface VerifyPorts {
  /** Every mirror of the configuration: they share a store, and so files. */
  readonly mirrors: readonly MirrorContext[];
  /** Called only if something must be repaired. */
  openSyncPorts(context: MirrorContext): Promise<SyncPorts>;
}

/** One run of the verb. */
export interface VerifyRun {
  readonly context: MirrorContext;
  readonly ports: VerifyPorts;
  readonly verification: Verification;
  readonly quarantine: Quarantine;
}

/** Signature files, then indices, then the files they list; and again for what changed in between. */
const roundsMax = 4;

/**
 * Repairs damages, then checks those trees again and repairs what a damaged index had hidden, until nothing more can be
 * repaired. Yields all results after each step. Rejects with LockError if a mirror is in use.
 */
export async function* repairRounds(
  { context, ports, verification, quarantine }: VerifyRun,
  before: readonly TreeResult[],
): AsyncGenerator<readonly TreeResult[]> {
  const { mirrors } = ports;
  using _lock = await lockAll(mirrors);
  const { layout, objects, signal, emit } = context;
  const { digests, policy, now } = verification;
  const { wasNamed } = quarantine;
  const source = openRepairSource(context, await ports.openSyncPorts(context));
  const repairing = { mirrors, layout, objects, signal, emit, digests, policy, now, source, wasNamed };
  let results = before;
  for (let round = 1; round <= roundsMax; round++) {
    const tried = results.map(openDamages);
    if (tried.every((damages) => damages.length === 0)) return;
    await quarantine.dropSpares();
    const repairs = await repairDamage(repairing, tried.flat());
    results = results.map((result) => withRepairs(emit, result, repairs));
    yield results;
    for (const [index, result] of results.entries()) {
      if (tried[index]?.length === 0) continue;
      results = results.with(index, await checkAgain(verification, quarantine, result));
      yield results;
    }
  }
}

const verb = "snapshot verify --repair";

/** Locks out everything that makes or removes trees, links into them, or sweeps the store that they share. */
export async function lockAll(mirrors: readonly MirrorContext[]): Promise<Disposable> {
  using locks = new DisposableStack();
  for (const mirror of mirrors) {
    locks.use(await mirror.lockWorkingMirror(verb));
    locks.use(await mirror.lockSnapshots(verb));
  }
  return locks.move();
}

/** Returns the damages that no repair was tried for. */
const openDamages = ({ findings, left }: TreeResult): readonly Damage[] =>
  findings.damages.filter(({ file }) => !left.has(file.path));

function withRepairs(
  emit: MirrorContext["emit"],
  result: TreeResult,
  repairs: ReadonlyMap<Damage, RepairResult>,
): TreeResult {
  // A damage without a result is no longer what it was: the next check reports it.
  const own = result.findings.damages.flatMap((damage) => {
    const repair = repairs.get(damage);
    return repair === undefined ? [] : [[damage, repair] as const];
  });
  announceRepairs(emit, result.tree.name, new Map(own));
  const left = new Map<string, LeftDamaged>(result.left);
  for (const [{ file }, repair] of own) if (repair.kind === "left") left.set(file.path, repair);
  const repaired = own.filter(([, { kind }]) => kind === "repaired").map(([damage]) => damage);
  return { ...result, repaired: [...result.repaired, ...repaired], left };
}

async function checkAgain(
  verification: Verification,
  quarantine: Quarantine,
  before: TreeResult,
): Promise<TreeResult> {
  const checked = await checkTree(verification, before.tree);
  const known = new Set(before.findings.damages.map(({ file }) => file.path));
  const found = checked.findings.damages.filter(({ file }) => !known.has(file.path));
  announceDamages(verification.emit, before.tree.name, found);
  await quarantine.add(found);
  return { ...before, ...checked, readBytes: before.readBytes + checked.readBytes };
}
