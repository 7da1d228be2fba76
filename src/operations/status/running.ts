import { type ReadLocks, readLockState } from "../../platform/locks/lock-holder.ts";
import type { Ports } from "../context.ts";

/** The run that changes the working mirror now, usually a sync. */
export type Running =
  | { readonly kind: "none" }
  | {
      readonly kind: "running";
      readonly process: number;
      /** Undefined if only the process is known. */
      readonly verb: string | undefined;
      readonly by: string | undefined;
      readonly since: Date | undefined;
    }
  /** This user may not read the locks, or the system does not list them. */
  | { readonly kind: "unknown"; readonly reason: string };

export function findRunning({ layout }: Ports<"layout">, readLocks: ReadLocks): Running {
  const lock = readLockState(layout.workingLock, readLocks);
  switch (lock.kind) {
    case "free":
      return { kind: "none" };
    case "unknown":
      return lock;
    case "held": {
      const { pid, holder } = lock;
      return { kind: "running", process: pid, verb: holder?.verb, by: holder?.who, since: holder?.since };
    }
  }
}
