/** Legal but rare repositories: names, sources and stanzas at the edges of the formats. */
import { describeCases } from "./compatibility/describe-cases.ts";
import { unusualCases } from "./compatibility/index.ts";

describeCases(unusualCases);
