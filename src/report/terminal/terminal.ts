import type { Host, Output } from "../../platform/host.ts";

/** What may be written to an output beside plain lines. */
export interface Terminal {
  readonly hasColour: boolean;
  /** Lines that were written can be erased. */
  readonly canRedraw: boolean;
}

/** Nothing where there is no terminal, or a dumb one; no colour where NO_COLOR is set to anything (no-color.org). */
export function terminalOf({ isTerminal }: Output, env: Host["env"]): Terminal {
  const canRedraw = isTerminal && env.TERM !== "dumb";
  return { hasColour: canRedraw && (env.NO_COLOR ?? "") === "", canRedraw };
}
