import { refuses } from "../../../gates/index.ts";
import type { GateEvent } from "../../events/gates.ts";
import { countOf } from "../../units.ts";
import { gateLine } from "../gates/verdicts.ts";
import { debug, info, type MessagesOf, warn } from "./message.ts";

export const gateMessages: MessagesOf<GateEvent> = {
  "test-started": ({ mirror, name, gates }) =>
    debug(`Testing snapshot ${name} of ${mirror}: ${countOf(gates, "gate")}`),
  "gate-started": ({ name, gate }) => {
    const line = `Running gate ${gate} on snapshot ${name}`;
    return gate === "complete" ? debug(line) : info(line); // that one is part of every promotion
  },
  "gate-ended": ({ result }) => {
    const line = `Gate ${gateLine(result)}`;
    return refuses(result.verdict.kind) ? warn(line) : debug(line);
  },
  "snapshot-approved": ({ mirror, name, by }) => info(`Snapshot ${name} of ${mirror} is approved by ${by}`),
  "test-unkept": ({ mirror, name, reason }) =>
    warn(`The test of ${name} of ${mirror} is not kept, so that its gates run again next time: ${reason}`),
};
