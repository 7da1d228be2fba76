/** What may be sent to a server before it has answered what came before (RFC 9112 9.3.2). */
export interface PipeliningRules {
  /** Requests under way on one connection at a time; apt's number. */
  readonly depth: number;
  /** Nothing is sent behind more bytes than these: a large file does not hold up others. */
  readonly roomBytes: number;
  /** A server whose answers begin sooner than this is near: nothing is gained there. */
  readonly roundTripMs: number;
  /** How long an answer may take to begin once those before it have come. */
  readonly patienceMs: number;
}

export const defaultPipelining: PipeliningRules = {
  depth: 10,
  roomBytes: 512 * 1024,
  roundTripMs: 5,
  patienceMs: 10_000,
};

/** The shortest wait of so many answers is taken for the round trip. */
const waitsMin = 8;

/** So many answers to requests that were sent behind others, one such request at a time, are trial enough. */
const trialAnswers = 3;

/** A break costs the requests that were under way; it is worth that once so many answers have come by pipelining. */
const answersPerBreak = 32;

export type PipeliningEvent =
  | { readonly type: "pipelining-started"; readonly roundTripMs: number; readonly depth: number }
  | { readonly type: "pipelining-ended"; readonly reason: string };

/**
 * What one origin has shown of pipelining. It is tried once answers are seen to take their time, used once the trial
 * went well, and given up for the rest of the run when it breaks more often than it pays: servers end a connection
 * after some number of requests, and that alone is no reason.
 */
export class Pipelining {
  readonly rules: PipeliningRules;
  readonly #tell: (event: PipeliningEvent) => void;
  #waits = 0;
  #shortestWaitMs = Number.POSITIVE_INFINITY;
  #answers = 0;
  #breaks = 0;
  #isGivenUp = false;

  constructor(rules: PipeliningRules, tell: (event: PipeliningEvent) => void) {
    this.rules = rules;
    this.#tell = tell;
  }

  /** Off: one request at a time on each connection; trial: two on one of them; on: as many as the rules say. */
  get state(): "off" | "trial" | "on" {
    if (this.#isGivenUp || this.#waits < waitsMin || this.#shortestWaitMs < this.rules.roundTripMs)
      return "off";
    return this.#answers < trialAnswers ? "trial" : "on";
  }

  /** A request that was alone on its connection waited so long for its answer to begin. */
  waited(waitMs: number): void {
    this.#waits += 1;
    this.#shortestWaitMs = Math.min(this.#shortestWaitMs, waitMs);
  }

  /** A request that was sent behind another was answered. */
  answered(): void {
    if (++this.#answers !== trialAnswers || this.#isGivenUp) return;
    const roundTripMs = Math.round(this.#shortestWaitMs);
    this.#tell({ type: "pipelining-started", roundTripMs, depth: this.rules.depth });
  }

  /** Requests that shared a connection got no answer, or another's. */
  broke(why: string): void {
    this.#breaks += 1;
    if (this.#isGivenUp || this.#answers >= this.#breaks * answersPerBreak) return;
    this.#isGivenUp = true;
    this.#tell({ type: "pipelining-ended", reason: why });
  }
}
