import { redactUrl } from "../credentials/redact.ts";
import { finalError, UpstreamError } from "../errors.ts";
import type { RetryEvent } from "../settings.ts";
import type { AbsentFile, DownloadResult, RefusedBody } from "./request.ts";

type Ask = (baseUrl: string) => Promise<DownloadResult>;

/**
 * The base URLs of one upstream, in the order in which they are asked. One that fails gives up its place, for all later
 * files, to the one that answers instead: a mirror that is down costs its attempts once, and Release and indices come from
 * the same server. One that lacks a file, or has other bytes of it, keeps its place.
 */
export class BaseUrls {
  #inOrder: readonly string[];
  readonly #onRetry: (event: RetryEvent) => void;

  constructor(inOrder: readonly string[], onRetry: (event: RetryEvent) => void) {
    this.#inOrder = inOrder;
    this.#onRetry = onRetry;
  }

  /**
   * Asks one after the other until one has the file. Otherwise returns the first refusal, or that the file is absent if all
   * say so. Throws if one could not be asked, because that one may have the file. A wrong password ends the search at once:
   * the administrator must see it.
   */
  ask(ask: Ask): Promise<DownloadResult> {
    const [only, ...others] = this.#inOrder;
    return only === undefined || others.length > 0 ? this.#askInTurn(ask) : ask(only);
  }

  async #askInTurn(ask: Ask): Promise<DownloadResult> {
    const baseUrls = this.#inOrder;
    const failures: UpstreamError[] = [];
    const refusals: RefusedBody[] = [];
    let absent: AbsentFile | undefined;
    for (const [index, baseUrl] of baseUrls.entries()) {
      const next = baseUrls[index + 1];
      try {
        const result = await ask(baseUrl);
        if (result.kind === "absent") absent ??= result;
        else if (result.kind === "refused") {
          refusals.push(result);
          this.#reportNext(baseUrl, next, reasonOf(result));
        } else {
          if (failures.length > 0) this.prefer(baseUrl);
          return result;
        }
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.code === "UNAUTHORIZED") throw error;
        failures.push(error);
        this.#reportNext(baseUrl, next, error.message);
      }
    }
    const [refused, ...otherRefusals] = refusals;
    const others = otherRefusals.map(({ why }) => why);
    if (refused !== undefined) return withOthers(refused, [...others, ...failures], baseUrls);
    const [failure, ...otherFailures] = failures;
    if (failure !== undefined) throw asOne(failure, otherFailures, baseUrls);
    if (absent === undefined) throw new RangeError("an upstream needs at least one base URL");
    return absent;
  }

  get inOrder(): readonly string[] {
    return this.#inOrder;
  }

  /** Makes a base URL the first to be asked from now on. */
  prefer(baseUrl: string): void {
    this.#inOrder = [baseUrl, ...this.#inOrder.filter((other) => other !== baseUrl)];
  }

  #reportNext(baseUrl: string, next: string | undefined, reason: string): void {
    if (next === undefined) return;
    this.#onRetry({ url: redactUrl(baseUrl), attempt: 1, waitMs: 0, reason, next: redactUrl(next) });
  }
}

/** Errors of this folder name the URL; those of `accept` name the file only. */
const reasonOf = ({ url, why }: RefusedBody): string =>
  why instanceof UpstreamError ? why.message : `${url}: ${why.message}`;

/** A refusal matters more than a failure: the file would be refused wherever it is the same. */
function withOthers(
  refused: RefusedBody,
  others: readonly Error[],
  baseUrls: readonly string[],
): RefusedBody {
  const { why } = refused;
  return why instanceof UpstreamError ? { ...refused, why: asOne(why, others, baseUrls) } : refused;
}

/** The first error, with the messages of the others. */
function asOne(first: UpstreamError, others: readonly Error[], baseUrls: readonly string[]): UpstreamError {
  if (others.length === 0) return first;
  return finalError(first, `; and ${others.map((error) => error.message).join("; ")}`, {
    urls: baseUrls.map(redactUrl),
  });
}
