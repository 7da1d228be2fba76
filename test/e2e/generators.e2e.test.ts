/** Repositories made by other programs: mirrored, and then used by real clients without their upstream. */
import { describeCases } from "./compatibility/describe-cases.ts";
import { generatorCases } from "./compatibility/index.ts";

describeCases(generatorCases);
