import type { MirrorContext } from "../context.ts";
import { openRepairSource } from "../sync/index.ts";
import { tellDamages, tellOutcomes } from "./announce.ts";
import { checkTree } from "./checks/check-tree.ts";
import type { Damage } from "./checks/findings.ts";
import type { Verification, VerifyPorts } from "./checks/verification.ts";
import type { Quarantine } from "./quarantine.ts";
import { type Repair, type RepairOutcome, repairDamage } from "./repair/index.ts";
import type { Verdict } from "./tree-result.ts";

/** Signature files, then indices, then what these name; and once more for what was changed in between. */
const roundsMax = 4;

/**
 * Repairs what was found, checks those trees again, and repairs what a damaged index had kept from being looked at. Ends
 * when nothing is broken, or nothing more can be done.
 */
export async function repairTrees(
  verification: Verification,
  guard: Quarantine,
  ports: VerifyPorts,
  verdicts: readonly Verdict[],
): Promise<void> {
  const { context } = verification;
  const { mirrors } = ports;
  using _lock = await lockAll(mirrors);
  const source = openRepairSource(context, await ports.openSyncPorts(context));
  const repair: Repair = { verification, guard, mirrors, source };
  for (let round = 1; round <= roundsMax; round++) {
    const broken = verdicts.filter((verdict) => openDamages(verdict).length > 0);
    if (broken.length === 0) return;
    await repairOnce(repair, broken);
    for (const verdict of broken) await checkAgain(repair, verdict);
  }
}

const verb = "snapshot verify --repair";

/** Locks out everybody who makes or removes trees, links into them or sweeps what they share. */
export async function lockAll(mirrors: readonly MirrorContext[]): Promise<Disposable> {
  using locks = new DisposableStack();
  for (const mirror of mirrors) {
    locks.use(await mirror.lockWorkingMirror(verb));
    locks.use(await mirror.lockSnapshots(verb));
  }
  return locks.move();
}

/** Those of which no repair was tried yet. */
const openDamages = ({ checked, left }: Verdict) =>
  checked.findings.damages.filter(({ file }) => !left.has(file.path));

async function repairOnce(repair: Repair, broken: readonly Verdict[]): Promise<void> {
  const { emit } = repair.verification.context;
  const names = broken.flatMap((verdict) =>
    openDamages(verdict).map((damage) => ({ tree: verdict.checked.tree, damage })),
  );
  const outcomes = await repairDamage(repair, names);
  for (const { checked, repaired, left } of broken) {
    const told = new Map<Damage, RepairOutcome>();
    for (const damage of checked.findings.damages) {
      const outcome = outcomes.get(damage);
      if (outcome === undefined) continue; // it is no longer what it was: the next check tells
      told.set(damage, outcome);
      if (outcome.kind === "left") left.set(damage.file.path, outcome);
      else repaired.push(damage);
    }
    tellOutcomes(emit, checked.tree.name, told);
  }
}

async function checkAgain({ verification, guard }: Repair, verdict: Verdict): Promise<void> {
  const { context } = verification;
  const { tree, findings, readBytes } = verdict.checked;
  const before = new Set(findings.damages.map(({ file }) => file.path));
  const checked = await checkTree(verification, tree);
  verdict.checked = { ...checked, readBytes: readBytes + checked.readBytes };
  const found = checked.findings.damages.filter(({ file }) => !before.has(file.path));
  tellDamages(context.emit, tree.name, found);
  guard.keepOut(context, checked.tree, found);
}
