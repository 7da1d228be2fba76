/** Repositories that are legal and rarely made: names, sources and stanzas at the edges of the formats. */
import { describeCase } from "./compatibility/describe-case.ts";
import { unusualCases } from "./compatibility/index.ts";

for (const compatibilityCase of unusualCases) describeCase(compatibilityCase);
