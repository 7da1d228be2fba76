import { execFileSync } from "node:child_process";
import type { Contestant, Row } from "./row.ts";
import { type Cost, type RunOptions, runMeasured } from "./run-measured.ts";
import { type Spread, spreadOf } from "./statistics.ts";

export interface Run extends Cost {
  readonly requests: number | undefined;
}

/** What one contestant cost, over all runs. */
export interface Result {
  readonly contestant: string;
  readonly wallSeconds: Spread;
  readonly processorSeconds: Spread;
  readonly peakBytes: Spread;
  readonly peakOwnBytes: Spread;
  readonly requests: Spread | undefined;
  /** Wall time in proportion to the reference's in the same round. */
  readonly ratio: Spread;
}

/** Measures the contestants in turn, each round in another order. */
export async function measureRow(row: Row, rounds: number, options: RunOptions): Promise<readonly Result[]> {
  const { contestants, beforeRound, afterwards } = row;
  const runs = new Map(contestants.map(({ name }): [string, Run[]] => [name, []]));
  for (let round = 0; round < rounds * (row.rounds ?? 1); round++) {
    await beforeRound?.();
    const turn = round % contestants.length;
    for (const contestant of [...contestants.slice(turn), ...contestants.slice(0, turn)]) {
      if (contestant.once === true && round > 0) continue;
      runs.get(contestant.name)?.push(await measureRun(row, contestant, options));
    }
  }
  await afterwards?.();
  const reference = runs.get(row.reference ?? contestants[0]?.name ?? "") ?? [];
  return contestants.map(({ name }) => resultOf(name, runs.get(name) ?? [], reference));
}

async function measureRun(
  { server }: Row,
  { prepare, command }: Contestant,
  options: RunOptions,
): Promise<Run> {
  await prepare?.();
  execFileSync("sync"); // what earlier runs left to be written is not this one's
  server?.clearRequests();
  const cost = await runMeasured(command(), options);
  return { ...cost, requests: await server?.countRequests() };
}

function resultOf(contestant: string, runs: readonly Run[], reference: readonly Run[]): Result {
  const spread = (value: (run: Run, round: number) => number): Spread => spreadOf(runs.map(value));
  return {
    contestant,
    wallSeconds: spread((run) => run.wallSeconds),
    processorSeconds: spread((run) => run.processorSeconds),
    peakBytes: spread((run) => run.peak.bytes),
    peakOwnBytes: spread((run) => run.peak.ownBytes),
    requests: runs[0]?.requests === undefined ? undefined : spread((run) => run.requests ?? 0),
    ratio: spread((run, round) => run.wallSeconds / (reference[round]?.wallSeconds ?? Number.NaN)),
  };
}
