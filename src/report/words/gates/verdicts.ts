import {
  type GateResult,
  type GateState,
  type NotApplicable,
  refuses,
  type Verdict,
  type VerdictKind,
} from "../../../gates/index.ts";
import { countOf, formatTime } from "../../units.ts";
import { shortList } from "../short-list.ts";
import { detailText } from "./details.ts";
import { allowedText, measuredText, type Tested, todoLines } from "./gate-words.ts";

export const verdictWords: Readonly<Record<VerdictKind, string>> = {
  passed: "passed",
  failed: "FAILED",
  "not-yet": "not yet",
  "not-applicable": "not applicable",
};

const notApplicableWords: Readonly<Record<NotApplicable, string>> = {
  "nothing-in-production": "nothing in production to compare with",
  exempt: "exempt in this mirror",
  "no-valid-until": "no Release has a Valid-Until",
};

/** The words of one gate of a test. */
export interface VerdictText {
  readonly measured: string;
  readonly allowed: string;
  /** What was found, a line for each. */
  readonly details: readonly string[];
  /** What to do; none if it passed. */
  readonly todo: readonly string[];
}

export function verdictText(
  { criterion, verdict }: Pick<GateResult, "criterion" | "verdict">,
  tested: Tested,
): VerdictText {
  const hasPassed = verdict.kind === "passed" || verdict.kind === "not-applicable";
  return {
    measured: measuredOf(criterion, verdict),
    allowed: allowedText(criterion),
    details: detailLines(verdict),
    todo: hasPassed ? [] : [...untilLines(verdict), ...todoLines(criterion, tested)],
  };
}

function measuredOf(criterion: GateResult["criterion"], verdict: Verdict): string {
  if (verdict.kind === "not-applicable") return notApplicableWords[verdict.because];
  return verdict.measured === undefined ? "not measured" : measuredText(criterion, verdict.measured);
}

function detailLines(verdict: Verdict): readonly string[] {
  if (verdict.kind === "not-applicable") return [];
  const { details, more } = verdict;
  return [...details.map(detailText), ...(more === 0 ? [] : [`and ${more} more`])];
}

const untilLines = (verdict: Verdict): readonly string[] =>
  verdict.kind === "not-yet" && verdict.until !== undefined
    ? [`It may pass from ${formatTime(verdict.until)} on.`]
    : [];

/** Says in one line how a gate ended: "min_packages FAILED: 12 packages, allowed: at least 5000". */
export function gateLine({ criterion, verdict }: Pick<GateResult, "criterion" | "verdict">): string {
  const { gate } = criterion;
  const found = `${gate} ${verdictWords[verdict.kind]}: ${measuredOf(criterion, verdict)}`;
  return verdict.kind === "failed" || verdict.kind === "not-yet"
    ? `${found}, allowed: ${allowedText(criterion)}`
    : found;
}

/** Says why a gate keeps a snapshot out: the end of a sentence that begins with the name of the snapshot. */
export function refusalText(result: Pick<GateResult, "criterion" | "verdict">, tested: Tested): string {
  const { details, todo, measured, allowed } = verdictText(result, tested);
  const { gate } = result.criterion;
  const how = result.verdict.kind === "not-yet" ? "does not pass" : "fails";
  const what = `${how} the gate ${gate}${result.verdict.kind === "not-yet" ? " yet" : ""}`;
  return [`${what}: ${measured}, allowed: ${allowed}`, ...shortList(details), ...todo].join("\n");
}

/** Says what is known of a gate in one line. */
export const gateStateLine = ({ criterion, verdict }: GateState): string =>
  verdict === undefined ? `${criterion.gate} not tested` : gateLine({ criterion, verdict });

/** Says how many gates passed, and names each one that does not let the snapshot pass. */
export function gateStatesLines(states: readonly GateState[]): readonly string[] {
  const others = states.filter(({ verdict }) => verdict === undefined || refuses(verdict.kind));
  return [countVerdicts(states.map(({ verdict }) => verdict?.kind)), ...others.map(gateStateLine)];
}

/** Says how a test ended. */
export const testText = (results: readonly GateResult[]): string =>
  countVerdicts(results.map(({ verdict }) => verdict.kind));

/** Says how many gates passed, how many may pass later, and how many do not apply. `undefined`: not tested. */
export function countVerdicts(kinds: readonly (VerdictKind | undefined)[]): string {
  const count = (kind: VerdictKind): number => kinds.filter((one) => one === kind).length;
  const unasked = count("not-applicable");
  return [
    `${count("passed")} of ${countOf(kinds.length, "gate")} passed`,
    ...(count("not-yet") === 0 ? [] : [`${count("not-yet")} not yet`]),
    ...(unasked === 0 ? [] : [`${unasked} ${unasked === 1 ? "does" : "do"} not apply`]),
  ].join(", ");
}
