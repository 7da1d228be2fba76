import type { Config } from "../config/index.ts";
import type { Machine } from "../platform/machine/host.ts";
import { withMetricsFile } from "./metrics-file.ts";
import { createRun } from "./run.ts";
import { type Caller, openShared, type Shared } from "./shared.ts";
import type { Run } from "./verbs.ts";

/** The mirrors of one configuration. Several runs may go on at a time, for different callers. */
export interface App extends AsyncDisposable {
  readonly config: Config;
  run(caller: Caller): Run;
}

/** Makes the app of a configuration. As root, the process becomes the user that `dir` belongs to. */
export const createApp = (config: Config, machine: Machine): App => appOf(openShared(config, machine));

export const appOf = (shared: Shared): App => ({
  config: shared.config,
  run: (caller) => withMetricsFile(createRun(shared, caller), shared, caller),
  [Symbol.asyncDispose]: () => shared.connections[Symbol.asyncDispose](),
});
