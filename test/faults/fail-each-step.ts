/** Makes each step of a verb fail in turn, like sqlite's do_ioerr_test, and checks what is left on the disk. */
import { MirrorctlError } from "../../src/errors.ts";
import { pruneSnapshots } from "../../src/operations/snapshots/prune-snapshots.ts";
import { messageOf } from "../../src/report/errors.ts";
import { recordFigures } from "../support/index.ts";
import type { Site } from "../support/site.ts";
import { type DiskState, diskStateOf, foreignIn } from "./disk-state.ts";
import { type Fault, type FaultReport, type Step, withFault } from "./faulty-disk.ts";
import {
  type Allowances,
  leftoversOf,
  problemsInBetween,
  problemsInTheEnd,
  strayLinks,
  unheldObjects,
} from "./problems.ts";

export interface Verb extends Allowances {
  /** Each run starts with a copy of this site. */
  readonly template: Site;
  readonly run: (site: Site) => unknown;
  /** How to run it again after a failure, if not by `run`. */
  readonly again?: (site: Site) => unknown;
  /** Called after the run that failed. Returns a function that is called after the next run, and returns its problems. */
  readonly watch?: (site: Site) => () => string[];
  /** Except in `make soak`, each kind of fault occurs only at every third step, and at other steps than the other kinds. */
  readonly isSlow?: boolean;
  /** Steps that may fail although the verb succeeds. */
  readonly mayFail?: RegExp;
}

export interface StepFailures {
  /** How many steps failed, for each kind of fault. */
  readonly steps: Readonly<Partial<Record<Fault, number>>>;
  /** What was wrong after a fault. */
  readonly problems: readonly string[];
}

const hasTime = process.env["SOAK"] !== undefined;

/** A verb looks at the disk often, so failing looks are left to `make soak`. */
const faults: readonly Fault[] = hasTime
  ? ["EIO", "ENOSPC", "EROFS", "unreadable"]
  : ["EIO", "ENOSPC", "EROFS"];

/** Counts for the whole file of tests. */
const failedSoFar = { verbs: 0, steps: 0 };

export function recordSteps(topic: string): void {
  const { verbs, steps } = failedSoFar;
  recordFigures(topic, { verbs, "steps that failed": steps });
}

/** No verb here takes more. */
const stepsMax = 2_000;

export async function failEachStep(verb: Verb): Promise<StepFailures> {
  const before = diskStateOf(verb.template);
  const after = await stateWithoutFault(verb);
  const steps: Partial<Record<Fault, number>> = {};
  const problems: string[] = [];
  const stride = verb.isSlow === true && !hasTime ? faults.length : 1;
  for (const [index, fault] of faults.entries()) {
    for (let at = 1 + (index % stride); ; at += stride) {
      const problemsOfStep = await failStep(verb, fault, at, before, after);
      if (problemsOfStep === undefined) break;
      problems.push(...problemsOfStep);
      steps[fault] = (steps[fault] ?? 0) + 1;
      if (at > stepsMax) throw new Error(`the verb takes more than ${stepsMax} steps`);
    }
  }
  failedSoFar.verbs++;
  for (const count of Object.values(steps)) failedSoFar.steps += count;
  return { steps, problems };
}

async function stateWithoutFault(verb: Verb): Promise<DiskState> {
  await using site = await verb.template.copy();
  await verb.run(site);
  return diskStateOf(site);
}

/** Returns undefined if the run ended before the fault. */
async function failStep(
  verb: Verb,
  fault: Fault,
  at: number,
  before: DiskState,
  after: DiskState,
): Promise<readonly string[] | undefined> {
  await using site = await verb.template.copy();
  const foreign = foreignIn(site); // copies are new files
  const [base, goal] = [before, after].map((state) => ({ ...state, foreign })) as [DiskState, DiskState];
  const report = await withFault(fault, at, () => verb.run(site));
  const [first] = report.failed;
  if (first === undefined) return undefined;
  const where = `${fault} at step ${at}, ${first.call} ${first.path.slice(site.directory.path.length)}`;
  const problems = [
    ...problemsOfOutcome(report, verb.mayFail),
    ...problemsInBetween(diskStateOf(site), base, goal, verb),
    ...strayLinks(site).filter((problem) => fault !== "EROFS" || !problem.includes("temporary")),
  ];
  if ("error" in report.outcome) problems.push(...(await runAgain(verb, site)));
  const left = (problem: string): boolean => verb.mayLeave?.test(problem) !== true;
  const inTheEnd = [...problemsInTheEnd(site, goal), ...strayLinks(site)].filter(left);
  problems.push(...inTheEnd.map((problem) => `in the end ${problem}`));
  problems.push(...(await problemsAfterPrune(site)).filter(left));
  return problems.map((problem) => `${where}: ${problem}`);
}

/** Runs the verb again, on a disk without faults. */
async function runAgain(verb: Verb, site: Site): Promise<readonly string[]> {
  const look = verb.watch?.(site);
  site.passHours(1 / 60);
  try {
    await (verb.again ?? verb.run)(site);
    return look?.() ?? [];
  } catch (error) {
    return [`run again, it fails: ${messageOf(error)}`];
  }
}

/** A run frees space at its end. The leftovers of a failed run are removed by the next run that frees space. */
async function problemsAfterPrune(site: Site): Promise<readonly string[]> {
  if (unheldObjects(site).length === 0) return [];
  await pruneSnapshots(site.mirror("noble"), { keepLast: 1000, dryRun: false });
  return [...unheldObjects(site), ...leftoversOf(site)].map((problem) => `after a prune, ${problem}`);
}

/** A run must fail with the error of the failed step, unless it does not need that step. */
function problemsOfOutcome({ outcome, failed }: FaultReport<unknown>, mayFail = alwaysMayFail): string[] {
  const needed = failed.filter((step) => !isAllowed(step, mayFail));
  if ("error" in outcome) {
    const messages = messagesOf(outcome.error);
    const isOfTest = messages.some((message) => message.includes("disk of the test"));
    return isOfTest ? [] : [`it fails for another reason: ${messages.join(": ")}`];
  }
  return needed.length === 0 ? [] : [`it succeeds, although ${needed[0]?.call} failed`];
}

/**
 * The message of an error with its items, and those of its causes: an error may name the file instead of the disk, and one
 * of several files says of each what is wrong.
 */
function messagesOf(error: unknown): readonly string[] {
  const items = error instanceof MirrorctlError ? error.items : [];
  const cause = error instanceof Error ? error.cause : undefined;
  return [messageOf(error), ...items, ...(cause === undefined ? [] : messagesOf(cause))];
}

const isAllowed = ({ call, path }: Step, mayFail: RegExp): boolean =>
  alwaysMayFail.test(`${call} ${path}`) || mayFail.test(`${call} ${path}`);

/** If the history cannot be written, that is a warning. The name of the holder of a lock is only used in messages. */
const alwaysMayFail =
  /^(?:mkdir .*\.mirrorctl|.*\/state(?:\/history\.db)?|(?:open|write|unlink) .*\.holder)$/;
