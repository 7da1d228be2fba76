import type { LogLevel } from "../report/levels.ts";

/** The flags that every command has. */
export interface GlobalFlags {
  readonly config: string | undefined;
  readonly logLevel: LogLevel | undefined;
  readonly quiet: boolean;
  readonly verboseErrors: boolean;
  readonly json: boolean;
}
