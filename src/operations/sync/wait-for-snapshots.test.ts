import { expect, test } from "vitest";
import { LockError } from "../../platform/locks/lock.ts";
import { waitForSnapshots } from "./wait-for-snapshots.ts";

const { signal } = new AbortController();
const lock = { release: () => undefined, [Symbol.dispose]: () => undefined };
const held = () => new LockError("LOCK_HELD", "held by a prune");

/** A lock that fails with each of these before it can be had. */
function contextWith(failures: readonly Error[]) {
  const left = [...failures];
  const pauses: number[] = [];
  return {
    pauses,
    signal,
    pause: async (waitMs: number) => void pauses.push(waitMs),
    lockSnapshots() {
      const failure = left.shift();
      if (failure !== undefined) throw failure;
      return lock;
    },
  };
}

test("waits for one who has the lock", async () => {
  const context = contextWith([held(), held()]);
  await expect(waitForSnapshots(context)).resolves.toBe(lock);
  expect(context.pauses).toHaveLength(2);
});

test("gives up in the end, naming who has it", async () => {
  const context = contextWith(Array.from({ length: 1000 }, held));
  await expect(waitForSnapshots(context)).rejects.toThrow("held by a prune");
  expect(context.pauses.length).toBeLessThan(100);
});

test("does not wait where no lock can be had at all", async () => {
  const context = contextWith([new Error("no such directory")]);
  await expect(waitForSnapshots(context)).rejects.toThrow("no such directory");
  expect(context.pauses).toEqual([]);
});
