import type { Routes } from "../connections/routes.ts";
import { credentialsFor } from "../credentials/credentials.ts";
import { redactUrl } from "../credentials/redact.ts";
import { UpstreamError } from "../errors.ts";
import type { Place } from "../pipelining/index.ts";
import { SharedPlaces } from "../pipelining/index.ts";
import { type Proxy, proxyText } from "../proxies/proxy.ts";
import type { UpstreamSettings } from "../settings.ts";
import { exchange, type ResponseHead } from "./exchange.ts";
import { type Answer, followRedirects, isRedirect } from "./redirects.ts";
import type { DownloadResult } from "./request.ts";
import { headersFor, validatorsFor } from "./request-headers.ts";
import { contentEncodingOf, lastModifiedOf, validatorsOf } from "./response-headers.ts";
import { statusError, unauthorized } from "./status-errors.ts";
import type { Transfer } from "./transfer.ts";

/** Parsed once, for many thousand requests. */
export interface BaseUrl {
  readonly text: string;
  readonly url: URL;
  /** Without credentials. */
  readonly shown: string;
}

export const parseBaseUrl = (text: string): BaseUrl => ({ text, url: new URL(text), shown: redactUrl(text) });

export interface AttemptPorts {
  readonly settings: UpstreamSettings;
  readonly routes: Routes;
}

/**
 * Asks one base URL once, following redirects, and takes the body that comes. If anything goes wrong while the request shares
 * its connection with others, the sharing may be the cause: the request is then repeated alone, without a report.
 */
export async function attempt(
  base: BaseUrl,
  transfer: Transfer,
  ports: AttemptPorts,
  signal: AbortSignal,
): Promise<DownloadResult> {
  const places = new SharedPlaces();
  try {
    const result = await askOnce(base, transfer, ports, places, signal);
    if (result.kind === "accepted" || !places.any) return result;
    places.blame(result.kind === "refused" ? result.why.message : `${transfer.request.path}: ${result.kind}`);
    transfer.keepApart();
  } catch (error) {
    if (!(error instanceof UpstreamError) || !places.any) throw error;
    places.blame(error.message);
    if (error.retryAfterMs !== undefined) throw error; // the server meant it
    if (error.code === "CONNECTION_LOST") transfer.wasCutOff();
    else transfer.keepApart();
  }
  return await attempt(base, transfer, ports, signal);
}

async function askOnce(
  base: BaseUrl,
  transfer: Transfer,
  ports: AttemptPorts,
  places: SharedPlaces,
  signal: AbortSignal,
): Promise<DownloadResult> {
  const { settings, routes } = ports;
  const { timeouts } = settings;
  const validators = validatorsFor(transfer.request, base.shown);
  const range = transfer.nextRange();
  const { pipelinedBytes } = transfer;
  const onSent = (place: Place): void => places.add(place);
  // Joined as text: resolved as a reference, a path such as "core:/stable" would be a URL of scheme "core".
  const start = new URL(`${base.text}${transfer.request.path}`);
  const ask = (url: URL): Promise<ResponseHead> => {
    const credentials = credentialsFor(url, base.url, settings.authEntries);
    const headers = { ...headersFor(transfer.request, validators, credentials, settings), ...range };
    const route = url === start ? routes.routeBelow(base.url) : routes.routeTo(url, base.url);
    const request = { url, headers, route, timeouts, pipelinedBytes, onSent };
    return exchange(request, transfer.acceptFrom(url), signal);
  };
  try {
    const first = { head: await ask(start), url: start };
    const answer = isRedirect(first) ? await followRedirects(first, ask) : first;
    if (transfer.isTaken) return await judge(transfer, answer, base.shown, settings.retry.now());
    const { status } = answer.head;
    if (range["range"] !== undefined && (status === 206 || status === 416)) {
      // Not the rest of what the sink holds: the file has changed, or the server cannot send ranges of it.
      transfer.startOver();
      return await askOnce(base, transfer, ports, places, signal);
    }
    return withoutBody(answer, settings, {
      base: base.url,
      proxy: routes.routeTo(answer.url, base.url).proxy,
      isConditional: validators !== undefined,
    });
  } catch (error) {
    if (!transfer.isOtherLength(error)) throw error;
    return { kind: "refused", url: base.shown, why: error };
  }
}

/** Has the caller check a complete body. */
async function judge(
  transfer: Transfer,
  { head, url }: Answer,
  from: string,
  now: Date,
): Promise<DownloadResult> {
  transfer.finish(url);
  transfer.startOver(); // a refused body is not continued
  const body = {
    validators: { ...validatorsOf(head), from },
    lastModified: lastModifiedOf(head, now),
    contentEncoding: contentEncodingOf(head),
  };
  const why = await transfer.request.accept?.(body);
  return why === undefined ? { kind: "accepted", ...body } : { kind: "refused", url: from, why };
}

/** Who was asked, and how. */
interface Asked {
  readonly base: URL;
  readonly proxy: Proxy | undefined;
  readonly isConditional: boolean;
}

/** What a response means whose body the sink did not take. */
function withoutBody(
  { head, url }: Answer,
  settings: UpstreamSettings,
  { base, proxy, isConditional }: Asked,
): DownloadResult {
  const { status } = head;
  if (status === 304 && isConditional) return { kind: "not-modified" };
  if (status === 403 || status === 404 || status === 410) {
    return { kind: "absent", status, url: redactUrl(url.href), ...(proxy && { proxy: proxyText(proxy) }) };
  }
  if (status === 401) throw unauthorized({ head, url }, base, settings);
  throw statusError({ head, url }, settings.retry.now(), proxy);
}
