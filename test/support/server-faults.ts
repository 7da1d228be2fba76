import type { IncomingHttpHeaders, OutgoingHttpHeaders, RequestListener } from "node:http";

/** A request that a server has seen, as far as it has been answered. */
export interface RecordedRequest {
  readonly method: string;
  /** Decoded, without query, with dot segments resolved. */
  readonly path: string;
  /** As it was sent: still encoded, with its query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** 0 until an answer begins. */
  readonly status: number;
  /** Of the body, handed to the connection so far. */
  readonly bytesSent: number;
}

/** How an answer goes wrong. Byte counts are of the body. */
export type Misbehaviour =
  /** This answer, whatever stands at the path. */
  | { readonly status: number; readonly headers?: OutgoingHttpHeaders; readonly body?: string | Uint8Array }
  /** The right head, then the connection ends early. */
  | { readonly truncateAt: number }
  /** As truncateAt, but by a reset (which may overtake bytes). At 0 not even a head is sent. */
  | { readonly resetAt: number }
  /** As truncateAt, but the connection stays and the rest comes at `release()`. */
  | { readonly stallAt: number }
  /** 200 with a page that says that nothing was found. */
  | { readonly html: true }
  /** A Content-Length that is not the file's. A body too long for it is cut to it; one too short breaks off. */
  | { readonly wrongLength: number }
  /** No Content-Length: the body comes in chunks. */
  | { readonly chunked: true }
  /** All of the file, whatever Range was asked for. */
  | { readonly ignoreRange: true }
  /** Whatever this writes; it need not be HTTP. */
  | { readonly respond: RequestListener };

export interface FaultOccasion {
  /** The whole decoded path, beginning with `/`, or a pattern to find in it. */
  readonly path: string | RegExp;
  /** How many requests it meets; all when absent. */
  readonly times?: number;
  /** Runs before the file is looked at: a test can change the upstream at that moment. */
  readonly before?: (request: RecordedRequest) => Promise<void> | void;
  /** No answer begins before this has settled. */
  readonly delayUntil?: Promise<unknown>;
}

/** What to do to which requests; with no misbehaviour only `before` and `delayUntil` take place. */
export type Fault = FaultOccasion & (Misbehaviour | { readonly misbehaviour?: never });

export interface ArmedFault {
  /** How many requests have met it. */
  readonly timesMet: number;
  /** Settles when an answer has gone wrong for the first time: a stalled one has stalled. */
  readonly reached: Promise<void>;
  /** Lets stalled answers go on, now and from now on. */
  release(): void;
  /** Later requests are answered properly. */
  disarm(): void;
}

/** The faults of one server. The first that fits a request is the one that it meets. */
export class FaultList {
  readonly #armed: MeetableFault[] = [];

  arm(fault: Fault): ArmedFault {
    const armed = new MeetableFault(fault);
    this.#armed.push(armed);
    return armed;
  }

  meet(path: string): MeetableFault | undefined {
    const fault = this.#armed.find((candidate) => candidate.fits(path));
    fault?.meet();
    return fault;
  }
}

export class MeetableFault implements ArmedFault {
  readonly fault: Fault;
  readonly #reached = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();
  #timesMet = 0;
  #timesMax: number;

  constructor(fault: Fault) {
    this.fault = fault;
    this.#timesMax = fault.times ?? Infinity;
  }

  get timesMet(): number {
    return this.#timesMet;
  }

  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  get released(): Promise<void> {
    return this.#released.promise;
  }

  fits(path: string): boolean {
    const wanted = this.fault.path;
    const matches = typeof wanted === "string" ? wanted === path : path.search(wanted) >= 0;
    return matches && this.#timesMet < this.#timesMax;
  }

  meet(): void {
    this.#timesMet += 1;
  }

  reach(): void {
    this.#reached.resolve();
  }

  release(): void {
    this.#released.resolve();
  }

  disarm(): void {
    this.#timesMax = 0;
  }
}
