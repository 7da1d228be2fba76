import { type Dispatcher, errors } from "undici";
import type { Pipelining, TellPipelining } from "./pipelining.ts";

/** A request, and what handles its response. */
export interface Outgoing {
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: AnswerHandler;
  /** How long its body will be, if it may share its connection with others. Undefined if it may not. */
  readonly pipelinedBytes: number | undefined;
  /** Called if its response, or the lack of one, starts or ends pipelining to this server. */
  readonly tell: TellPipelining;
}

export interface AnswerHandler {
  /** True when nothing waits for the response any longer. */
  readonly isSettled: boolean;
  onSent(place: Place): void;
  onHead(status: number, headers: Record<string, string | string[] | undefined>): void;
  onData(chunk: Uint8Array): void;
  onEnd(): void;
  onError(error: Error): void;
}

/** The place of a request among those on its connection. */
export interface Place {
  /** Others were under way on the same connection: what comes may be caused by that, or meant for one of them. */
  readonly isShared: boolean;
  /** Ends the connection. */
  abort(reason: Error): void;
  /** Reports that the response is not the one to this request. */
  blame(why: string): void;
}

/** What a passage needs of its connection. */
export interface Carrier {
  readonly pipelining: Pipelining;
  /** Called when the response is complete. */
  ended(passage: Passage): void;
  /** Called when the request failed or was aborted, which ends the connection. */
  lost(passage: Passage, why: string): void;
}

/** One request on a connection, between undici and the handler. */
export class Passage implements Dispatcher.DispatchHandler, Place {
  readonly sizeBytes: number;
  readonly tell: TellPipelining;
  isShared = false;
  isAborted = false;
  readonly #connection: Carrier;
  readonly #handler: AnswerHandler;
  readonly #isBehind: boolean;
  #controller: Dispatcher.DispatchController | undefined;
  #sentAtMs = 0;
  #isBlamed = false;
  #status = 0;

  constructor(connection: Carrier, { handler, pipelinedBytes, tell }: Outgoing, isBehind: boolean) {
    this.sizeBytes = pipelinedBytes ?? Number.POSITIVE_INFINITY;
    this.tell = tell;
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
    this.#connection.pipelining.broke(why, this.tell);
  }

  /** Called when the connection has ended. A request that was not sent stays with undici, for the next connection. */
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
    if (this.#isBehind && this.#status < 400) this.#connection.pipelining.answered(this.tell);
    this.#connection.ended(this);
    this.#handler.onEnd();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#isBlamed = !this.isAborted;
    this.#connection.lost(this, error.message);
    this.#handler.onError(error);
  }
}
/** The places of the requests of one attempt, one for each redirect. */
export class SharedPlaces {
  readonly #places: Place[] = [];

  add(place: Place): void {
    this.#places.push(place);
  }

  get any(): boolean {
    return this.#places.some((place) => place.isShared);
  }

  blame(why: string): void {
    for (const place of this.#places) place.blame(why);
  }
}
