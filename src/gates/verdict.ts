import { type Detail, detailsMax } from "./detail.ts";

/** What a gate measured, in the unit of its limit: a count, a percentage or milliseconds. */
export interface Findings {
  /** Undefined if it could not be measured, or is not a number. */
  readonly measured?: number | undefined;
  /** At most 100. */
  readonly details: readonly Detail[];
  /** How many details there are beyond these. */
  readonly more: number;
}

/** Why a gate does not apply to a snapshot. */
export type NotApplicable = "nothing-in-production" | "no-valid-until" | "exempt";

export type Verdict =
  /** `until`: when it ceases to pass, if that is known. */
  | ({ readonly kind: "passed"; readonly until?: Date | undefined } & Findings)
  | ({ readonly kind: "failed" } & Findings)
  /** `until`: when it may pass, if that is known. */
  | ({ readonly kind: "not-yet"; readonly until?: Date | undefined } & Findings)
  | { readonly kind: "not-applicable"; readonly because: NotApplicable };

export type VerdictKind = Verdict["kind"];

/** Makes findings of any number of details. */
export const findings = (measured: number | undefined, details: readonly Detail[] = []): Findings => ({
  measured,
  details: details.slice(0, detailsMax),
  more: Math.max(0, details.length - detailsMax),
});

/** Returns "passed" if the value is within the limit, otherwise "failed". */
export const verdictOf = (isWithin: boolean, found: Findings): Verdict => ({
  kind: isWithin ? "passed" : "failed",
  ...found,
});

/** Returns the verdict of several gates together: the worst one. */
export function worst(kinds: Iterable<VerdictKind>): VerdictKind {
  const all = new Set(kinds);
  return order.find((kind) => all.has(kind)) ?? "passed";
}

const order: readonly VerdictKind[] = ["failed", "not-yet", "passed", "not-applicable"];

/** Returns whether a verdict keeps a snapshot out of production. */
export const refuses = (kind: VerdictKind): boolean => kind === "failed" || kind === "not-yet";
