import type { IncomingHttpHeaders, OutgoingHttpHeaders, RequestListener } from "node:http";

/** A request that a server has received, and the progress of its answer. */
export interface RecordedRequest {
  readonly method: string;
  /** Decoded, without query, with dot segments resolved. */
  readonly path: string;
  /** The target as sent: encoded, with its query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** 0 until an answer begins. */
  readonly status: number;
  /** Bytes of the body that were handed to the connection. */
  readonly bytesSent: number;
}

/** The ways in which an answer goes wrong. Byte counts are of the body. */
export type Misbehaviour =
  /** This answer, not the file. */
  | { readonly status: number; readonly headers?: OutgoingHttpHeaders; readonly body?: string | Uint8Array }
  /** The right head, then the connection ends early. */
  | { readonly truncateAt: number }
  /** As truncateAt, but by a reset (which may overtake bytes). At 0 not even a head is sent. */
  | { readonly resetAt: number }
  /** As truncateAt, but the connection stays open, and `release()` sends the rest. */
  | { readonly stallAt: number }
  /** 200 with a page that says that nothing was found. */
  | { readonly html: true }
  /** A Content-Length that is not the file's. A longer body is cut to it; a shorter one breaks off. */
  | { readonly wrongLength: number }
  /** No Content-Length: the body is sent in chunks. */
  | { readonly chunked: true }
  /** The whole file, whatever Range was requested. */
  | { readonly ignoreRange: true }
  /** The bytes that this writes, which need not be HTTP. */
  | { readonly respond: RequestListener };

export interface FaultOccasion {
  /** The whole decoded path, beginning with `/`, or a pattern to find in it. */
  readonly path: string | RegExp;
  /** The number of requests that it applies to. Default: all. */
  readonly times?: number;
  /** Runs before the file is read, so that a test can change the upstream at that moment. */
  readonly before?: (request: RecordedRequest) => Promise<void> | void;
  /** No answer begins before this has settled. */
  readonly delayUntil?: Promise<unknown>;
}

/** What to do to which requests. Without a misbehaviour, only `before` and `delayUntil` apply. */
export type Fault = FaultOccasion & (Misbehaviour | { readonly misbehaviour?: never });

export interface ArmedFault {
  /** The number of requests that it applied to. */
  readonly timesMet: number;
  /** Settles when an answer has gone wrong for the first time, such as when it has stalled. */
  readonly reached: Promise<void>;
  /** Lets stalled answers continue, now and later. */
  release(): void;
  /** Later requests are answered properly. */
  disarm(): void;
}

/** The faults of one server. The first that matches a request applies to it. */
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
