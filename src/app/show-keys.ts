import type { KeyFileOutcome } from "../operations/keys/index.ts";
import { invokerFiles } from "../platform/invoker-files.ts";
import type { Host } from "../platform/machine/host.ts";

/** Describes files of keys. It needs no configuration. */
export async function showKeys(
  paths: readonly string[],
  { now, signal }: Pick<Host, "now" | "signal">,
): Promise<readonly KeyFileOutcome[]> {
  const operation = await import("../operations/keys/index.ts");
  return operation.showKeys(paths, { files: invokerFiles, now, signal });
}
