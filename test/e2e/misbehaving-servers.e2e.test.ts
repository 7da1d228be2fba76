/** Servers that misbehave: a sync completes anyway, or publishes nothing and says why. */
import { describeServerCases } from "./servers/describe-server-cases.ts";
import { serverCases } from "./servers/index.ts";

describeServerCases(serverCases);
