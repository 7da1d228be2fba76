import { createHash } from "node:crypto";
import { type Criterion, othersOf } from "./criterion.ts";
import type { Verdict } from "./verdict.ts";

/** What a verdict depends on beside the criterion. Contents are texts that are equal for equal contents. */
export interface TestConditions {
  readonly contents: string;
  /** Of what production showed. */
  readonly production: string;
  /** Of what the mirrors of `with` showed, and what else they would show if promoted too; by id. */
  readonly beside: Readonly<Record<string, string>>;
}

/** The verdict of one gate, as it is kept. */
export interface KeptResult {
  /** A GateName, or the name of a gate that only another mirrorctl knows. */
  readonly gate: string;
  /** See `digestOf`. */
  readonly criterion: string;
  /** The limit, as a text for people. Results of earlier versions lack it. */
  readonly allowed?: string | undefined;
  readonly verdict: Verdict;
  readonly seconds: number;
  readonly at: Date;
}

export interface KeptTest {
  readonly conditions: TestConditions;
  readonly results: readonly KeptResult[];
}

/**
 * Returns a text that is the same for equal criteria and `inputs`: what a gate reads of the files that a criterion names. It
 * is a digest, since arguments of commands may be secret.
 */
export const digestOf = (criterion: Criterion, inputs = ""): string =>
  createHash("sha256")
    .update(JSON.stringify(inputs === "" ? criterion : [criterion, inputs]))
    .digest("hex");

/** Returns the latest result of a criterion under these conditions. */
export function findLatest(
  tests: readonly KeptTest[],
  criterion: Criterion,
  conditions: TestConditions,
  inputs = "",
): KeptResult | undefined {
  const digest = digestOf(criterion, inputs);
  const others = othersOf(criterion);
  const key = keyOf(conditions, others);
  return tests
    .filter((kept) => keyOf(kept.conditions, others) === key)
    .flatMap(({ results }) => results)
    .filter((result) => result.criterion === digest)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
}

/**
 * Returns the latest result if it makes it unnecessary to run the gate: it passed, and its time is not over. One of the
 * future was reached with a wrong clock.
 */
export function findValid(
  tests: readonly KeptTest[],
  criterion: Criterion,
  conditions: TestConditions,
  now: Date,
  inputs = "",
): KeptResult | undefined {
  const latest = findLatest(tests, criterion, conditions, inputs);
  return latest !== undefined && latest.at <= now && stillPasses(latest.verdict, now) ? latest : undefined;
}

/** Of other mirrors, only those matter that the criterion names. */
const keyOf = ({ contents, production, beside }: TestConditions, others: readonly string[]): string =>
  JSON.stringify([contents, production, others.map((id) => beside[id])]);

function stillPasses(verdict: Verdict, now: Date): boolean {
  if (verdict.kind === "not-applicable") return true;
  return verdict.kind === "passed" && (verdict.until === undefined || now < verdict.until);
}
