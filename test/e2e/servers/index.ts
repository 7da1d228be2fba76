/**
 * Servers that do what no server should, and what a sync makes of each: one table for the end-to-end tests, which run
 * over it, and for docs/compatibility.md, which lists it.
 */
import { answerCases } from "./answers.ts";
import { bodyCases } from "./bodies.ts";
import type { ServerCase } from "./case.ts";
import { changeCases } from "./changes.ts";
import { elsewhereCases } from "./elsewhere.ts";
import { rangeCases } from "./ranges.ts";
import { redirectCases } from "./redirects.ts";
import { signatureCases } from "./signatures.ts";

export type { Ending, ServerCase } from "./case.ts";

export const serverCases: readonly ServerCase[] = [
  ...answerCases,
  ...bodyCases,
  ...rangeCases,
  ...redirectCases,
  ...signatureCases,
  ...changeCases,
  ...elsewhereCases,
];
