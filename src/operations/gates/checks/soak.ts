import { findings, verdictOf } from "../../../gates/index.ts";
import { lastStagedPeriod } from "../../../history/index.ts";
import { contentsOf } from "../../../snapshot/index.ts";
import type { Gate } from "../gate.ts";

/** The time belongs to contents: a sync that stages an identical snapshot does not start it again. */
export const minStaged: Gate<"min_staged"> = {
  isInstant: true,
  async run({ stagedMs }, { ports, snapshot: { name, meta }, now }) {
    const entries = await ports.history.list({ mirror: ports.mirror.id });
    const period = lastStagedPeriod(entries, { name, contents: contentsOf(meta) });
    if (period === undefined) return { kind: "not-yet", ...findings(0, [{ kind: "never-staged" }]) };
    const { since, until } = period;
    const soFarMs = (until ?? now).getTime() - since.getTime();
    const detail = { kind: "staged", since: since.toISOString(), until: until?.toISOString() } as const;
    if (soFarMs >= stagedMs) return verdictOf(true, findings(soFarMs));
    const passesAt = until === undefined ? new Date(since.getTime() + stagedMs) : undefined;
    return { kind: "not-yet", until: passesAt, ...findings(soFarMs, [detail]) };
  },
};
