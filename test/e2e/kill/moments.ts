/** When something befalls a process: at moments that a seed chooses, so that they can be chosen again. */
import { existsSync, type FSWatcher, watch } from "node:fs";
import { performance } from "node:perf_hooks";
import type { CommandResult, RunningCommand, StaticServer } from "../../support/index.ts";

/** mulberry32: the same numbers for the same seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.below(values.length)] ?? values[0];
  }
}

export type Moment =
  | { readonly kind: "after"; readonly ms: number }
  /** At the nth time that something changes in a directory. */
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

export interface Fate {
  readonly result: CommandResult;
  readonly ms: number;
  /** False when the command ended before its moment came. */
  readonly isStruck: boolean;
}

/** Lets a command run to its end, with `strike` at the moment. */
export async function runUntil(
  moment: Moment,
  command: RunningCommand,
  server: StaticServer,
  strike: () => Promise<void>,
): Promise<Fate> {
  const startedAt = performance.now();
  let stroke: Promise<void> | undefined;
  using waiting = new DisposableStack();
  waiting.use(
    whenever(moment, server, () => {
      stroke ??= strike();
    }),
  );
  const result = await command.ended;
  const ms = performance.now() - startedAt;
  await stroke;
  return { result, ms, isStruck: stroke !== undefined };
}

function whenever(moment: Moment, server: StaticServer, act: () => void): Disposable {
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
