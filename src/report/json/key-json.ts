/** What the commands about keys print with --json. */
import type { KeyFileOutcome } from "../../operations/keys/index.ts";
import { withFailure } from "./failure.ts";
import type { KeyShowAnswer } from "./schemas/keys.ts";

export const keyShowJson = (outcomes: readonly KeyFileOutcome[]): KeyShowAnswer =>
  outcomes.map((outcome) => (outcome.kind === "failed" ? withFailure(outcome) : outcome));
