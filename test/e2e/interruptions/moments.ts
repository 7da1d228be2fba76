/** Interrupts a process at a moment that a seed chooses, so that the same moment can be chosen again. */
import { existsSync, type FSWatcher, watch } from "node:fs";
import { performance } from "node:perf_hooks";
import type { CommandResult, RunningCommand, StaticServer } from "../../support/index.ts";

export type Moment =
  | { readonly kind: "after"; readonly ms: number }
  /** The nth change in a directory. */
  | { readonly kind: "change"; readonly directory: string; readonly nth: number }
  | { readonly kind: "request"; readonly nth: number };

export function describeMoment(moment: Moment): string {
  switch (moment.kind) {
    case "after":
      return `after ${moment.ms.toFixed(1)} ms`;
    case "change":
      return `at change ${moment.nth} in ${moment.directory}`;
    case "request":
      return `at request ${moment.nth}`;
  }
}

export interface InterruptedRun {
  readonly result: CommandResult;
  readonly ms: number;
  /** False if the command ended before its moment came. */
  readonly wasInterrupted: boolean;
}

/** Waits for a command to end, and calls `interrupt` at the moment. */
export async function runUntil(
  moment: Moment,
  command: RunningCommand,
  server: StaticServer,
  interrupt: () => Promise<void>,
): Promise<InterruptedRun> {
  const startedAt = performance.now();
  let interruption: Promise<void> | undefined;
  using waiting = new DisposableStack();
  waiting.use(
    callAt(moment, server, () => {
      interruption ??= interrupt();
    }),
  );
  const result = await command.ended;
  const ms = performance.now() - startedAt;
  await interruption;
  return { result, ms, wasInterrupted: interruption !== undefined };
}

function callAt(moment: Moment, server: StaticServer, act: () => void): Disposable {
  switch (moment.kind) {
    case "after":
      return disposable(setTimeout(act, moment.ms), clearTimeout);
    case "change":
      return existsSync(moment.directory)
        ? disposable(watch(moment.directory, countdown(moment.nth, act)), (watcher: FSWatcher) =>
            watcher.close(),
          )
        : disposable(undefined, () => undefined);
    case "request": {
      const count = countdown(moment.nth, act);
      return disposable(server.fault({ path: /^/, before: count }), (fault) => fault.disarm());
    }
  }
}

const disposable = <Value>(value: Value, dispose: (value: Value) => void): Disposable => ({
  [Symbol.dispose]: () => dispose(value),
});

function countdown(nth: number, act: () => void): () => void {
  let left = nth;
  return () => {
    if (--left === 0) act();
  };
}
