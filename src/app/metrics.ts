import { formatMetrics, type MirrorFacts, metricsOf } from "../metrics/index.ts";
import type { MirrorContext } from "../operations/context.ts";
import { describeOnce, gatherMetrics } from "../operations/metrics/index.ts";
import { build } from "../version.ts";

/** Returns what `metrics` prints. */
export async function metricsText(mirrors: readonly MirrorContext[], signal: AbortSignal): Promise<string> {
  const facts: MirrorFacts[] = [];
  const [first] = mirrors;
  const describe = describeOnce(first?.now() ?? new Date(0));
  for (const mirror of mirrors) {
    signal.throwIfAborted();
    facts.push(await gatherMetrics(mirror, describe));
  }
  return formatMetrics(metricsOf(build, facts));
}
