/** Servers that do what no server should: a sync brings everything all the same, or nothing and says why. */
import { describeServerCases } from "./servers/describe-server-cases.ts";
import { serverCases } from "./servers/index.ts";

describeServerCases(serverCases);
