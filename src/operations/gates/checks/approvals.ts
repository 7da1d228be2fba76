import { findings, verdictOf } from "../../../gates/index.ts";
import { approvalsOf } from "../../../history/index.ts";
import { contentsOf } from "../../../snapshot/index.ts";
import type { Gate } from "../gate.ts";

export const approvals: Gate<"approvals"> = {
  isInstant: true,
  async run({ people }, { ports, snapshot: { name, meta } }) {
    const entries = await ports.history.list({ mirror: ports.mirror.id });
    const given = approvalsOf(entries, { name, contents: contentsOf(meta) });
    const details = given.map(
      ({ by, at }) => ({ kind: "approval", by, at: at.toISOString(), counts: by !== ports.who }) as const,
    );
    const counted = details.filter(({ counts }) => counts).length;
    const found = findings(counted, details);
    return counted >= people ? verdictOf(true, found) : { kind: "not-yet", ...found };
  },
};
