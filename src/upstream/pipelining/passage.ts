import { type Dispatcher, errors } from "undici";
import type { Pipelining } from "./pipelining.ts";

/** A request, and who waits for its answer. */
export interface Outgoing {
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: AnswerHandler;
  /** How long its body will be, if others may be under way on the same connection; undefined: none may. */
  readonly pipelinedBytes: number | undefined;
}

export interface AnswerHandler {
  /** True when nobody waits any longer. */
  readonly isSettled: boolean;
  onSent(place: Place): void;
  onHead(status: number, headers: Record<string, string | string[] | undefined>): void;
  onData(chunk: Uint8Array): void;
  onEnd(): void;
  onError(error: Error): void;
}

/** Where a request stands among those on its connection. */
export interface Place {
  /** Others were under way on the same connection: whatever comes may be due to that, or be meant for one of them. */
  readonly isShared: boolean;
  /** Ends the connection. */
  abort(reason: Error): void;
  /** What came is not what was asked for. */
  blame(why: string): void;
}

/** The connection, as a passage needs it. */
export interface Carrier {
  readonly pipelining: Pipelining;
  /** The answer is complete. */
  ended(passage: Passage): void;
  /** It failed, or was aborted, which takes the connection along. */
  lost(passage: Passage, why: string): void;
}

/** One request on a connection: between undici and the handler. */
export class Passage implements Dispatcher.DispatchHandler, Place {
  readonly sizeBytes: number;
  isShared = false;
  isAborted = false;
  readonly #connection: Carrier;
  readonly #handler: AnswerHandler;
  readonly #isBehind: boolean;
  #controller: Dispatcher.DispatchController | undefined;
  #sentAtMs = 0;
  #isBlamed = false;
  #status = 0;

  constructor(connection: Carrier, { handler, pipelinedBytes }: Outgoing, isBehind: boolean) {
    this.sizeBytes = pipelinedBytes ?? Number.POSITIVE_INFINITY;
    this.#connection = connection;
    this.#handler = handler;
    this.#isBehind = isBehind;
  }

  abort(reason: Error): void {
    this.isAborted = true;
    this.#controller?.abort(reason);
  }

  blame(why: string): void {
    if (this.#isBlamed || !this.isShared) return;
    this.#isBlamed = true;
    this.#connection.pipelining.broke(why);
  }

  /** Its connection has ended. One that was never sent is undici's to send on the next. */
  takeBack(): void {
    if (!this.isShared) return;
    this.#controller?.abort(new errors.SocketError("the connection ended while requests waited on it"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sentAtMs = performance.now();
    this.#handler.onSent(this);
  }

  onResponseStart(
    _controller: unknown,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    if (!this.isShared) this.#connection.pipelining.waited(performance.now() - this.#sentAtMs);
    this.#handler.onHead(status, headers);
  }

  onResponseData(_controller: unknown, chunk: Uint8Array): void {
    this.#handler.onData(chunk);
  }

  onResponseEnd(): void {
    if (this.#isBehind && this.#status < 400) this.#connection.pipelining.answered();
    this.#connection.ended(this);
    this.#handler.onEnd();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#isBlamed = !this.isAborted;
    this.#connection.lost(this, error.message);
    this.#handler.onError(error);
  }
}
/** Where the requests of one attempt stood, one for each redirect, as far as they were not alone there. */
export class SharedPlaces {
  readonly #places = new Set<Place>();

  add(place: Place): void {
    this.#places.add(place);
  }

  get any(): boolean {
    return this.#places.values().some((place) => place.isShared);
  }

  blame(why: string): void {
    for (const place of this.#places) place.blame(why);
  }
}
