import { MirrorctlError } from "../../errors.ts";
import { findings, type Verdict } from "../../gates/index.ts";
import { codeOf, itemsOf, messageOf } from "../../report/errors.ts";
import type { Subject } from "./subject/subject.ts";

/**
 * Returns the verdict of a gate that could not measure: it fails, and says why. Throws if the run was stopped, if the
 * snapshot was removed meanwhile, or if the error is a defect of the program.
 */
export function verdictOfError(error: unknown, { ports, tree }: Subject): Verdict {
  ports.signal.throwIfAborted();
  tree.assertUnchanged();
  const code = codeOf(error);
  if (code === undefined) throw error;
  const hint = error instanceof MirrorctlError ? error.hint : undefined;
  const reason = [messageOf(error), ...itemsOf(error)].join("\n");
  return { kind: "failed", ...findings(undefined, [{ kind: "problem", reason, hint }]) };
}
