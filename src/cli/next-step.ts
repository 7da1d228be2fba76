import { shellWord } from "../report/words/shell.ts";
import type { GlobalFlags } from "./flags.ts";

/** Returns a command line to repeat, with the configuration that this one was given. */
export const commandLine = ({ config }: Pick<GlobalFlags, "config">, ...words: readonly string[]): string =>
  ["mirrorctl", ...(config === undefined ? [] : ["--config", config]), ...words].map(shellWord).join(" ");

/** Returns the last line of a command that has a natural successor. */
export const nextLine = (flags: Pick<GlobalFlags, "config">, ...words: readonly string[]): string =>
  `Next: ${commandLine(flags, ...words)}\n`;
