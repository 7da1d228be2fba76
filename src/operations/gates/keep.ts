import { codeOf, messageOf } from "../../report/errors.ts";
import type { Ports } from "../context.ts";

/** Writes what gates found, under the lock of snapshots. If it cannot be written, that is a warning: it is found again. */
export async function keep(
  { lockSnapshots, signal, emit }: Ports<"lockSnapshots" | "signal" | "emit">,
  snapshot: string,
  write: () => Promise<void> | void,
): Promise<void> {
  try {
    using _lock = await lockSnapshots("snapshot test");
    await write();
  } catch (error) {
    signal.throwIfAborted();
    if (codeOf(error) === undefined) throw error; // a defect of the program
    emit({ type: "test-unkept", name: snapshot, reason: messageOf(error) });
  }
}
