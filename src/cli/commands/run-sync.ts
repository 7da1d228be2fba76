import type { DryRunOutcome } from "../../operations/dry-run/index.ts";
import type { SyncOptions, SyncOutcome } from "../../operations/sync/index.ts";
import { Interrupted, statusOfFailures } from "../../report/errors.ts";
import type { GlobalFlags } from "../flags.ts";
import { commandLine } from "../next-step.ts";
import type { Session } from "../session.ts";
import { outcomeTable, summaryOf } from "./sync-tables.ts";

/** Syncs, and reports all but the JSON. Returns the exit status too. */
export async function runSync(
  session: Session,
  ids: readonly string[],
  options: SyncOptions,
): Promise<{ readonly outcomes: readonly SyncOutcome[]; readonly status: number }> {
  const startedAt = session.host.now();
  const outcomes = await session.run.sync(ids, options);
  const isFailure = ({ kind }: SyncOutcome): boolean => kind !== "locked" || options.ifIdle !== true;
  const errors = tellInterruption(session, outcomes.filter(isFailure));
  const elapsedMs = session.host.now().getTime() - startedAt.getTime();
  session.log.emitRun({ ...summaryOf(outcomes, elapsedMs), from: options.from });
  if (outcomes.length > 1 && !session.flags.quiet && !session.flags.json)
    session.print(undefined, (columns) => outcomeTable(outcomes, columns));
  // After a failure, that comes first.
  for (const command of errors.length === 0 ? nextSteps(session.flags, outcomes) : [])
    session.log.emitRun({ type: "next-step", command });
  return { outcomes, status: statusOfFailures(errors) };
}

/** Until clients see something, each sync with something new says how they will. */
function nextSteps(flags: GlobalFlags, outcomes: readonly SyncOutcome[]): readonly string[] {
  const synced = outcomes
    .filter((outcome) => outcome.kind === "synced")
    .filter(({ unchanged }) => !unchanged);
  const waiting = synced.filter(({ production }) => production === "none");
  const staged = waiting.filter((outcome) => outcome.staged).map(({ mirror }) => mirror);
  return [
    ...waiting.flatMap(({ mirror, snapshot, staged: isStaged }) =>
      snapshot === undefined || isStaged ? [] : [commandLine(flags, "snapshot", "stage", mirror, snapshot)],
    ),
    ...(staged.length === 0 ? [] : [commandLine(flags, "snapshot", "promote", ...staged)]),
    ...synced
      .filter(({ production }) => production === "begun")
      .map(({ mirror }) => commandLine(flags, "client-config", mirror)),
  ];
}

/** Returns all errors. Logs an interruption once for all mirrors. */
export function tellInterruption(
  session: Session,
  outcomes: readonly (SyncOutcome | DryRunOutcome)[],
): readonly unknown[] {
  const errors = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error] : []));
  const interruption = errors.find((error) => error instanceof Interrupted);
  if (interruption !== undefined) session.log.error(interruption);
  return errors;
}
