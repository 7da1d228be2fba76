import { redactUrl } from "../credentials/redact.ts";
import { finalError, UpstreamError } from "../errors.ts";
import type { RetryEvent } from "../settings.ts";
import type { GetResult } from "./request.ts";

type Ask = (baseUrl: string) => Promise<GetResult>;

/**
 * The base URLs of one upstream, in the order in which they are asked. One that fails gives its place to the one that
 * answered instead, for all later files: a mirror that is down costs its attempts once, and Release and indices come
 * from one and the same place. One that merely lacks a file keeps its place.
 */
export class BaseUrls {
  #inOrder: readonly string[];
  readonly #onRetry: (event: RetryEvent) => void;

  constructor(inOrder: readonly string[], onRetry: (event: RetryEvent) => void) {
    this.#inOrder = inOrder;
    this.#onRetry = onRetry;
  }

  /**
   * Asks one after the other until one has the file. It is absent only when all say so; where some could not be asked,
   * the first failure is thrown, because the file may be there. A wrong password is never passed over: the
   * administrator must learn of it.
   */
  async ask(ask: Ask): Promise<GetResult> {
    const baseUrls = this.#inOrder;
    const errors: UpstreamError[] = [];
    let absent: GetResult | undefined;
    for (const [index, baseUrl] of baseUrls.entries()) {
      try {
        const result = await ask(baseUrl);
        if (result.kind === "absent") {
          absent ??= result;
          continue;
        }
        if (errors.some(isOfTheServer)) this.prefer(baseUrl);
        return result;
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.code === "UNAUTHORIZED") throw error;
        errors.push(error);
        this.#tellOfNext(baseUrl, baseUrls[index + 1], error);
      }
    }
    if (absent !== undefined && errors.length === 0) return absent;
    throw asOne(errors, baseUrls);
  }

  get inOrder(): readonly string[] {
    return this.#inOrder;
  }

  /** From now on, it is asked first. */
  prefer(baseUrl: string): void {
    this.#inOrder = [baseUrl, ...this.#inOrder.filter((other) => other !== baseUrl)];
  }

  #tellOfNext(baseUrl: string, next: string | undefined, error: UpstreamError): void {
    if (next === undefined) return;
    const url = redactUrl(baseUrl);
    const reason = error.code === "BODY_REFUSED" ? `${url}: ${error.message}` : error.message;
    this.#onRetry({ url, attempt: 1, waitMs: 0, reason, next: redactUrl(next) });
  }
}

/** Another body than expected says that this file differs there; any other failure is to be expected of the next, too. */
const isOfTheServer = (error: UpstreamError): boolean => !isOfTheFile(error);

const isOfTheFile = ({ code }: UpstreamError): boolean => code === "SIZE_DIFFERS" || code === "BODY_REFUSED";

/** What is wrong with the file comes first: that is what it would be refused for by whoever else is asked. */
function asOne(errors: readonly UpstreamError[], baseUrls: readonly string[]): Error {
  const [first, ...others] = errors.toSorted((a, b) => Number(isOfTheFile(b)) - Number(isOfTheFile(a)));
  if (first === undefined) return new RangeError("an upstream needs at least one base URL");
  if (others.length === 0) return first;
  return finalError(first, `; and ${others.map((error) => error.message).join("; ")}`, {
    urls: baseUrls.map(redactUrl),
  });
}
