import { type ConfigSource, inspectConfig } from "../config/index.ts";
import type { ConfigReport } from "../operations/check-config/index.ts";
import { invokerOf } from "../operations/site-owner.ts";
import type { Machine } from "../platform/machine/host.ts";
import { createMirrorContext } from "./mirror-context.ts";
import { type Caller, openShared } from "./shared.ts";

/** Checks a configuration that need not be valid, so that there may be no app of it. */
export async function checkConfig(
  source: ConfigSource,
  machine: Machine,
  caller: Caller,
): Promise<ConfigReport> {
  const operation = await import("../operations/check-config/index.ts");
  const inspection = inspectConfig(source);
  const { config } = inspection;
  if (config === undefined) return operation.checkConfig(inspection, [], invokerOf(machine));
  const shared = openShared(config, machine);
  const contexts = config.mirrors.map((mirror) => createMirrorContext(shared, caller, mirror));
  return operation.checkConfig(inspection, contexts, shared.worker);
}
