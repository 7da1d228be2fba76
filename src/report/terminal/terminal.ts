import type { Host, Output } from "../../platform/machine/host.ts";

/** What an output can show beside plain lines. */
export interface Terminal {
  readonly hasColour: boolean;
  /** Lines that were written can be erased. */
  readonly canRedraw: boolean;
}

/** Nothing on a dumb terminal or without one. No colour if NO_COLOR is set to anything (no-color.org). */
export function terminalOf({ isTerminal }: Output, env: Host["env"]): Terminal {
  const canRedraw = isTerminal && env.TERM !== "dumb";
  return { hasColour: canRedraw && (env.NO_COLOR ?? "") === "", canRedraw };
}
