/**
 * Misbehaving servers, and the result of a sync with each. The end-to-end tests run over this table, and
 * docs/compatibility.md lists it.
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
