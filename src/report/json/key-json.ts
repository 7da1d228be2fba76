/** What the commands about keys print with --json. */
import type { KeyFileOutcome, NeededKeys, SuiteSigners } from "../../operations/keys/index.ts";
import { withFailure } from "./failure.ts";
import type { KeyNeededAnswer, KeyShowAnswer } from "./schemas/keys.ts";

export const keyShowJson = (outcomes: readonly KeyFileOutcome[]): KeyShowAnswer =>
  outcomes.map((outcome) => (outcome.kind === "failed" ? withFailure(outcome) : outcome));

export const keyNeededJson = (needed: NeededKeys, satisfied: boolean): KeyNeededAnswer => ({
  ...needed,
  satisfied,
  suites: needed.suites.map(suiteJson),
  unusableFiles: needed.unusableFiles.map((error) => withFailure({ error })),
});

function suiteJson(suite: SuiteSigners): KeyNeededAnswer["suites"][number] {
  if (suite.kind === "failed") return withFailure(suite);
  const { refusal, ...signed } = suite;
  return refusal === undefined ? signed : { ...signed, refusal: withFailure({ error: refusal }) };
}
