/** What may be sent to a server before it has answered earlier requests (RFC 9112 9.3.2). */
export interface PipeliningRules {
  /** How many requests may be under way on one connection. apt allows as many. */
  readonly depth: number;
  /** Nothing is sent behind more bytes than these, so that a large file does not delay others. */
  readonly roomBytes: number;
  /** A server that answers sooner is near: pipelining gains nothing there. */
  readonly roundTripMs: number;
  /** How long a response may take to start after those before it have ended. */
  readonly patienceMs: number;
}

export const defaultPipelining: PipeliningRules = {
  depth: 10,
  roomBytes: 512 * 1024,
  roundTripMs: 5,
  patienceMs: 10_000,
};

/** The shortest wait of so many responses counts as the round trip. */
const waitsMin = 8;

/** The trial ends after so many responses to requests that were sent behind others, one at a time. */
const trialAnswers = 3;

/** A break costs the requests under way. It is worth that if so many responses came by pipelining before. */
const answersPerBreak = 32;

export type PipeliningEvent =
  | { readonly type: "pipelining-started"; readonly roundTripMs: number; readonly depth: number }
  | { readonly type: "pipelining-ended"; readonly reason: string };

export type TellPipelining = (event: PipeliningEvent) => void;

/**
 * Whether to pipeline requests to one origin. It is tried if responses are slow to start, and used if the trial succeeds. It
 * is given up for the rest of the run if connections break more often than it pays. A server that ends a connection after
 * some number of requests is not a reason by itself. Several runs share it: an event goes to the one whose request caused it.
 */
export class Pipelining {
  readonly rules: PipeliningRules;
  #waits = 0;
  #shortestWaitMs = Number.POSITIVE_INFINITY;
  #answers = 0;
  #breaks = 0;
  #isGivenUp = false;

  constructor(rules: PipeliningRules) {
    this.rules = rules;
  }

  /** Off: one request at a time on each connection. Trial: two on one of them. On: as many as the rules allow. */
  get state(): "off" | "trial" | "on" {
    if (this.#isGivenUp || this.#waits < waitsMin || this.#shortestWaitMs < this.rules.roundTripMs)
      return "off";
    return this.#answers < trialAnswers ? "trial" : "on";
  }

  /** Notes how long a request that was alone on its connection waited for its response to start. */
  waited(waitMs: number): void {
    this.#waits += 1;
    this.#shortestWaitMs = Math.min(this.#shortestWaitMs, waitMs);
  }

  /** Notes that a request that was sent behind another was answered. */
  answered(tell: TellPipelining): void {
    if (++this.#answers !== trialAnswers || this.#isGivenUp) return;
    const roundTripMs = Math.round(this.#shortestWaitMs);
    tell({ type: "pipelining-started", roundTripMs, depth: this.rules.depth });
  }

  /** Notes that requests that shared a connection got no response, or that of another. */
  broke(why: string, tell: TellPipelining): void {
    this.#breaks += 1;
    if (this.#isGivenUp || this.#answers >= this.#breaks * answersPerBreak) return;
    this.#isGivenUp = true;
    tell({ type: "pipelining-ended", reason: why });
  }
}
