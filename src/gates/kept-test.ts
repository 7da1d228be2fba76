import { createHash } from "node:crypto";
import type { Criterion } from "./criterion.ts";
import type { Verdict } from "./verdict.ts";

/** What a verdict depends on beside the criterion. Contents are texts that are equal for equal contents. */
export interface TestConditions {
  readonly contents: string;
  /** Of what production showed. */
  readonly production: string;
  /** Of what the mirrors of `with` showed, by id. */
  readonly beside: Readonly<Record<string, string>>;
}

/** The verdict of one gate, as it is kept. */
export interface KeptResult {
  /** A GateName, or the name of a gate that only another mirrorctl knows. */
  readonly gate: string;
  /** See `digestOf`. */
  readonly criterion: string;
  readonly verdict: Verdict;
  readonly seconds: number;
  readonly at: Date;
}

export interface KeptTest {
  readonly conditions: TestConditions;
  readonly results: readonly KeptResult[];
}

/** Returns a text that is the same for equal criteria. It is a digest, since arguments of commands may be secret. */
export const digestOf = (criterion: Criterion): string =>
  createHash("sha256").update(JSON.stringify(criterion)).digest("hex");

/** Returns the newest result that makes it unnecessary to run a gate: it passed, and nothing that it depends on changed. */
export function findValid(
  tests: readonly KeptTest[],
  criterion: Criterion,
  conditions: TestConditions,
  now: Date,
): KeptResult | undefined {
  const digest = digestOf(criterion);
  const key = keyOf(conditions);
  return tests
    .filter((kept) => keyOf(kept.conditions) === key)
    .flatMap(({ results }) => results)
    .filter((result) => result.criterion === digest && stillPasses(result.verdict, now))
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
}

const keyOf = ({ contents, production, beside }: TestConditions): string =>
  JSON.stringify([
    contents,
    production,
    Object.keys(beside)
      .toSorted()
      .map((id) => [id, beside[id]]),
  ]);

function stillPasses(verdict: Verdict, now: Date): boolean {
  if (verdict.kind === "not-applicable") return true;
  return verdict.kind === "passed" && (verdict.until === undefined || now < verdict.until);
}
