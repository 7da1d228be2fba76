/** Repositories that the programs of others made: mirrored, and then used by real clients without their upstream. */
import { describeCase } from "./compatibility/describe-case.ts";
import { generatorCases } from "./compatibility/index.ts";

for (const compatibilityCase of generatorCases) describeCase(compatibilityCase);
