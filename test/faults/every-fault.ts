/** Lets a verb meet a fault at each of its steps in turn, after sqlite's do_ioerr_test, and judges what it leaves. */
import { pruneSnapshots } from "../../src/operations/prune-snapshots.ts";
import { messageOf } from "../../src/report/errors.ts";
import { recordFigures } from "../support/index.ts";
import { type FaultReport, inTrouble, type Step, type Trouble } from "./faulty-disk.ts";
import {
  type Allowances,
  leftoversOf,
  problemsInBetween,
  problemsInTheEnd,
  strayLinks,
  unheldObjects,
} from "./judge.ts";
import { foreignIn, type Picture, pictureOf } from "./picture.ts";
import type { Site } from "./site.ts";

export interface Verb extends Allowances {
  /** The site that each run finds a copy of. */
  readonly template: Site;
  readonly run: (site: Site) => unknown;
  /** The same again after a failure, where that is not `run`. */
  readonly again?: (site: Site) => unknown;
  /** Looks at the run that failed, and answers a look at the one after it. */
  readonly watch?: (site: Site) => () => string[];
  /** Unless there is time, each trouble meets every third step: another one each. */
  readonly isSlow?: boolean;
  /** Steps that may fail and leave the verb a success. */
  readonly mayFail?: RegExp;
}

export interface Verdict {
  /** How many steps of each kind failed, one after the other. */
  readonly steps: Readonly<Partial<Record<Trouble, number>>>;
  /** Of each fault after which something does not hold. */
  readonly problems: readonly string[];
}

const hasTime = process.env["SOAK"] !== undefined;

/** Looks are many, and change nothing. */
const troubles: readonly Trouble[] = hasTime
  ? ["EIO", "ENOSPC", "EROFS", "unreadable"]
  : ["EIO", "ENOSPC", "EROFS"];

/** Since the file of tests began. */
const failedSoFar = { verbs: 0, steps: 0 };

export function tellSteps(topic: string): void {
  const { verbs, steps } = failedSoFar;
  recordFigures(topic, { verbs, "steps that failed": steps });
}

/** No verb here takes more. */
const stepsMax = 2_000;

export async function meetEveryFault(verb: Verb): Promise<Verdict> {
  const before = pictureOf(verb.template);
  const after = await pictureWithoutFault(verb);
  const steps: Partial<Record<Trouble, number>> = {};
  const problems: string[] = [];
  const stride = verb.isSlow === true && !hasTime ? troubles.length : 1;
  for (const [index, trouble] of troubles.entries()) {
    for (let at = 1 + (index % stride); ; at += stride) {
      const verdict = await meetFault(verb, trouble, at, before, after);
      if (verdict === undefined) break;
      problems.push(...verdict);
      steps[trouble] = (steps[trouble] ?? 0) + 1;
      if (at > stepsMax) throw new Error(`the verb takes more than ${stepsMax} steps`);
    }
  }
  failedSoFar.verbs++;
  for (const count of Object.values(steps)) failedSoFar.steps += count;
  return { steps, problems };
}

async function pictureWithoutFault(verb: Verb): Promise<Picture> {
  await using site = await verb.template.copy();
  await verb.run(site);
  return pictureOf(site);
}

/** Undefined when the run ended before the fault. */
async function meetFault(
  verb: Verb,
  trouble: Trouble,
  at: number,
  before: Picture,
  after: Picture,
): Promise<readonly string[] | undefined> {
  await using site = await verb.template.copy();
  const foreign = foreignIn(site); // copies are new files
  const [base, goal] = [before, after].map((picture) => ({ ...picture, foreign })) as [Picture, Picture];
  const report = await inTrouble(trouble, at, () => verb.run(site));
  const [first] = report.failed;
  if (first === undefined) return undefined;
  const where = `${trouble} at step ${at}, ${first.call} ${first.path.slice(site.path.length)}`;
  const problems = [
    ...problemsOfOutcome(report, verb.mayFail),
    ...problemsInBetween(pictureOf(site), base, goal, verb),
    ...strayLinks(site).filter((problem) => trouble !== "EROFS" || !problem.includes("temporary")),
  ];
  if ("error" in report.outcome) problems.push(...(await runAgain(verb, site)));
  const left = (problem: string): boolean => verb.mayLeave?.test(problem) !== true;
  const inTheEnd = [...problemsInTheEnd(site, pictureOf(site), goal), ...strayLinks(site)].filter(left);
  problems.push(...inTheEnd.map((problem) => `in the end ${problem}`));
  problems.push(...(await problemsAfterPrune(site)).filter(left));
  return problems.map((problem) => `${where}: ${problem}`);
}

/** With a disk that is whole again. */
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

/** Space is freed at the end of a run; what one that failed has left is freed by the next that frees any. */
async function problemsAfterPrune(site: Site): Promise<readonly string[]> {
  if (unheldObjects(site).length === 0) return [];
  await pruneSnapshots(site.mirror("noble"), { keepLast: 1000, dryRun: false });
  return [...unheldObjects(site), ...leftoversOf(site)].map((problem) => `after a prune, ${problem}`);
}

/** A run fails where a step did, and says so, unless it can do without that step. */
function problemsOfOutcome({ outcome, failed }: FaultReport<unknown>, mayFail = alwaysMayFail): string[] {
  const needed = failed.filter((step) => !isAllowed(step, mayFail));
  if ("error" in outcome) {
    const messages = messagesOf(outcome.error);
    const isOfTest = messages.some((message) => message.includes("disk of the test"));
    return isOfTest ? [] : [`it fails for another reason: ${messages.join(": ")}`];
  }
  return needed.length === 0 ? [] : [`it ends well, though ${needed[0]?.call} failed`];
}

/** The message of an error, and those of its causes: an error may name the file instead of the disk. */
function messagesOf(error: unknown): readonly string[] {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? [messageOf(error)] : [messageOf(error), ...messagesOf(cause)];
}

const isAllowed = ({ call, path }: Step, mayFail: RegExp): boolean =>
  alwaysMayFail.test(`${call} ${path}`) || mayFail.test(`${call} ${path}`);

/** A line of history is a warning when it cannot be written; who holds a lock is only for a message. */
const alwaysMayFail =
  /^(?:mkdir .*\.mirrorctl|.*\/state(?:\/history\.db)?|(?:open|write|unlink) .*\.holder)$/;
