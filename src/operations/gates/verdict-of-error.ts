import { MirrorctlError } from "../../errors.ts";
import { findings, type Verdict } from "../../gates/index.ts";
import { codeOf, itemsOf, messageOf } from "../../report/errors.ts";
import type { Ports } from "../context.ts";

/**
 * Returns the verdict of a gate that could not measure: it fails, and says why. Throws the error again if the run was
 * stopped, if a tree was removed meanwhile, or if the error is a defect of the program.
 */
export function verdictOfError(error: unknown, { signal }: Ports<"signal">): Verdict {
  signal.throwIfAborted();
  const code = codeOf(error);
  if (code === undefined || code === "snapshot/SNAPSHOT_NOT_FOUND") throw error;
  const hint = error instanceof MirrorctlError ? error.hint : undefined;
  const reason = [messageOf(error), ...itemsOf(error)].join("\n");
  return { kind: "failed", ...findings(undefined, [{ kind: "problem", reason, hint }]) };
}
