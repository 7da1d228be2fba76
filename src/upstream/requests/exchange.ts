import { whenAborted } from "../../platform/flow/abort-callbacks.ts";
import type { OpenRoute } from "../connections/routes.ts";
import { redactUrl } from "../credentials/redact.ts";
import { brokenOffHint, oddAnswerHint, UpstreamError } from "../errors.ts";
import type { AnswerHandler, Place } from "../pipelining/index.ts";
import type { Timeouts } from "../settings.ts";
import { networkError } from "./network-errors.ts";
import { type RateWatch, watchRate } from "./rate-watch.ts";

export interface ExchangeRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly route: OpenRoute;
  readonly timeouts: Timeouts;
  /** The body of a POST. Messages about it name the origin alone. */
  readonly posted?: string | undefined;
  /** See `Outgoing` in pipelining/passage.ts. */
  readonly pipelinedBytes?: number | undefined;
  /** Called when the request goes out on a connection. */
  readonly onSent?: (place: Place) => void;
}

export interface ResponseHead {
  readonly status: number;
  /** Names in lower case; a header sent several times is joined by ", ". */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export type BodyWriter = (chunk: Uint8Array) => void;

/** Returns what takes the body, or undefined to drop it. An error that it throws aborts the exchange. */
export type AcceptBody = (head: ResponseHead) => BodyWriter | undefined;

/** A dropped body is read up to this length, so that the connection can be reused. A longer one ends the connection. */
const drainBytesMax = 65_536;

const informationalMax = 16;

/**
 * Sends one request. Resolves with the head of the response: when the body is written, or at once if the body is dropped.
 * Rejects with an UpstreamError, with the error that `accept` or the writer threw, or with `signal.reason`.
 */
export function exchange(
  request: ExchangeRequest,
  accept: AcceptBody,
  signal: AbortSignal,
): Promise<ResponseHead> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const handler = new ExchangeHandler(request, accept, signal);
  const { url, headers, timeouts, pipelinedBytes, posted } = request;
  const { idleMs } = timeouts;
  const path = `${url.pathname}${url.search}`;
  const clocks = { headersTimeout: idleMs, bodyTimeout: idleMs };
  const sent = posted === undefined ? { method: "GET" as const } : { method: "POST" as const, body: posted };
  const { origin, pool, tell } = request.route;
  const options = { origin, path, ...sent, headers, ...clocks };
  pool.send({ options, handler, pipelinedBytes, tell });
  return handler.outcome;
}

/** Bodies go through a handler, because streams take twice the time on many small files. */
class ExchangeHandler implements AnswerHandler {
  readonly outcome: Promise<ResponseHead>;
  isSettled = false;
  readonly #request: ExchangeRequest;
  readonly #accept: AcceptBody;
  readonly #signal: AbortSignal;
  readonly #ignoreSignal: () => void;
  #resolve: (head: ResponseHead) => void;
  #reject: (reason: unknown) => void;
  #place: Place | undefined;
  #head: ResponseHead | undefined;
  #write: BodyWriter | undefined;
  #rate: RateWatch | undefined;
  #drainedBytes = 0;
  #informationalCount = 0;

  constructor(request: ExchangeRequest, accept: AcceptBody, signal: AbortSignal) {
    const { promise, resolve, reject } = Promise.withResolvers<ResponseHead>();
    this.outcome = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#request = request;
    this.#accept = accept;
    this.#signal = signal;
    this.#ignoreSignal = whenAborted(signal, () => this.#fail(signal.reason));
  }

  onSent(place: Place): void {
    this.#place = place;
    // The caller may have given up while the connection was made.
    if (this.#signal.aborted) place.abort(new Error("aborted"));
    else this.#request.onSent?.(place);
  }

  onHead(status: number, headers: Record<string, string | string[] | undefined>): void {
    if (status < 200) return this.#informational(); // the final response follows
    const head = { status, headers: joined(headers) };
    this.#head = head;
    this.#rate = watchRate(this.#request.timeouts.minimumRate, (bytesPerSecond) =>
      this.#stall(bytesPerSecond),
    );
    try {
      this.#write = this.#accept(head);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#write === undefined) this.#resolve(head);
  }

  onData(chunk: Uint8Array): void {
    this.#rate?.add(chunk.length);
    if (this.#write === undefined) {
      this.#drainedBytes += chunk.length;
      if (this.#drainedBytes > drainBytesMax) this.#fail(new Error("enough of a dropped body"));
      return;
    }
    try {
      this.#write(chunk);
    } catch (error) {
      this.#fail(error);
    }
  }

  onEnd(): void {
    this.#finish();
    if (this.#head !== undefined) this.#resolve(this.#head);
  }

  onError(error: Error): void {
    this.#finish();
    const { method, url } = shownRequest(this.#request);
    const phase = this.#head === undefined ? "no-answer" : "body";
    this.#reject(networkError(error, url, phase, this.#request.route.proxy, method));
  }

  /** Each restarts undici's timeout: without a bound, a server could keep a client waiting for ever. */
  #informational(): void {
    if (++this.#informationalCount <= informationalMax) return;
    const { method, url: requested } = shownRequest(this.#request);
    const url = redactUrl(requested.href);
    const message = `${method} ${url}: more than ${informationalMax} informational answers and no real one`;
    this.#fail(
      new UpstreamError("RESPONSE_MALFORMED", message, {
        facts: { url },
        retry: "later",
        hint: oddAnswerHint,
      }),
    );
  }

  #stall(bytesPerSecond: number): void {
    const { bytesPerSecond: minimum, windowMs } = this.#request.timeouts.minimumRate;
    const { method, url: requested } = shownRequest(this.#request);
    const url = redactUrl(requested.href);
    this.#fail(
      new UpstreamError(
        "STALLED",
        `${method} ${url}: the body comes at ${Math.round(bytesPerSecond)} bytes a second, expected at least ${minimum} over ${windowMs} ms`,
        { facts: { url, bytesPerSecond }, retry: "later", hint: brokenOffHint },
      ),
    );
  }

  /** Rejects before the abort, so that the error that undici makes of it is ignored. */
  #fail(reason: unknown): void {
    this.#finish();
    this.#write = undefined;
    this.#reject(reason);
    this.#place?.abort(reason instanceof Error ? reason : new Error("aborted"));
  }

  #finish(): void {
    this.isSettled = true;
    this.#rate?.stop();
    this.#ignoreSignal();
  }
}

/** Returns what messages may show of a request. */
const shownRequest = ({ url, posted }: ExchangeRequest): { method: "GET" | "POST"; url: URL } =>
  posted === undefined ? { method: "GET", url } : { method: "POST", url: new URL(url.origin) };

function joined(headers: Record<string, string | string[] | undefined>): ResponseHead["headers"] {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(", ");
  }
  return headers as ResponseHead["headers"];
}
