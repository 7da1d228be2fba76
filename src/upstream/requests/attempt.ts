import { STATUS_CODES } from "node:http";
import type { Place } from "../connections/passage.ts";
import { type Proxy, proxyText } from "../connections/proxy.ts";
import type { Routes } from "../connections/routes.ts";
import { SharedPlaces } from "../connections/shared-places.ts";
import { findEntryForHttps } from "../credentials/auth-conf.ts";
import { type Credentials, credentialsFor } from "../credentials/credentials.ts";
import { redactUrl } from "../credentials/redact.ts";
import { UpstreamError } from "../errors.ts";
import type { UpstreamSettings } from "../settings.ts";
import { exchange } from "./exchange.ts";
import { httpsHint, retriedStatuses } from "./failure.ts";
import { type Answer, followRedirects } from "./redirects.ts";
import type { GetRequest, GetResult, KnownValidators } from "./request.ts";
import { contentEncodingOf, lastModifiedOf, retryAfterMsOf, validatorsOf } from "./response-headers.ts";
import type { Transfer } from "./transfer.ts";

export interface AttemptPorts {
  readonly settings: UpstreamSettings;
  readonly routes: Routes;
}

/**
 * Asks one base URL once, through its redirects, and takes the body that comes. What goes wrong while other requests
 * are under way on the same connection may be due to that: then it is asked once more, with nobody being told.
 */
export async function attempt(
  baseUrl: string,
  transfer: Transfer,
  ports: AttemptPorts,
  signal: AbortSignal,
): Promise<GetResult> {
  const places = new SharedPlaces();
  try {
    const result = await attemptOnce(baseUrl, transfer, ports, places, signal);
    if (result.kind === "fetched") {
      transfer.startOver(); // what is refused is no part of what comes next
      await transfer.request.check?.(result);
    }
    if (result.kind === "fetched" || !places.any) return result;
    places.blame(`${transfer.request.path}: ${result.kind}`);
    transfer.keepApart();
  } catch (error) {
    if (!(error instanceof UpstreamError) || !places.any) throw error;
    places.blame(error.message);
    if (error.retryAfterMs !== undefined) throw error; // that is no mistake
    if (error.code === "CONNECTION_LOST") transfer.wasCutOff();
    else transfer.keepApart();
  }
  return await attempt(baseUrl, transfer, ports, signal);
}

async function attemptOnce(
  baseUrl: string,
  transfer: Transfer,
  ports: AttemptPorts,
  places: SharedPlaces,
  signal: AbortSignal,
): Promise<GetResult> {
  const { settings, routes } = ports;
  const { timeouts } = settings;
  const base = new URL(baseUrl);
  const from = redactUrl(baseUrl);
  const validators = validatorsFor(transfer.request, from);
  const range = transfer.nextRange();
  const { pipelinedBytes } = transfer;
  const onSent = (place: Place): void => places.add(place);
  // Joined as text: resolved as a reference, a path such as "core:/stable" would be a URL of scheme "core".
  const start = new URL(`${baseUrl}${transfer.request.path}`);
  const answer = await followRedirects(start, (url) => {
    const credentials = credentialsFor(url, base, settings.authEntries);
    const headers = {
      ...headersFor(transfer.request, credentials, settings),
      ...conditionsOf(validators),
      ...range,
    };
    const request = { url, headers, route: routes.routeTo(url, base), timeouts, pipelinedBytes, onSent };
    return exchange(request, transfer.acceptFrom(url), signal);
  });
  const { status } = answer.head;
  if (!transfer.isTaken && range["range"] !== undefined && (status === 206 || status === 416)) {
    // Not the rest of what is held: the file has changed, or the server cannot give ranges of it.
    transfer.startOver();
    return await attemptOnce(baseUrl, transfer, ports, places, signal);
  }
  if (answer.head.status === 401) throw unauthorized(answer, base, settings);
  const { proxy } = routes.routeTo(answer.url, base);
  return resultOf(answer, transfer, settings, { from, proxy, isConditional: validators !== undefined });
}

function headersFor(
  request: GetRequest,
  credentials: Credentials | undefined,
  settings: UpstreamSettings,
): Record<string, string> {
  const headers: Record<string, string> = {
    accept: "*/*",
    // The bytes are checked as they are listed; an encoding on the way would only be in between.
    "accept-encoding": "identity",
    "user-agent": settings.userAgent,
  };
  if (credentials !== undefined) headers["authorization"] = credentials.authorization;
  if (request.fresh === true) headers["cache-control"] = "no-cache";
  return headers;
}

/** Those of another base URL say nothing of what this one has. */
function validatorsFor({ validators }: GetRequest, from: string): KnownValidators | undefined {
  return validators?.from === undefined || validators.from === from ? validators : undefined;
}

function conditionsOf({ etag, lastModified }: KnownValidators = {}): Record<string, string> {
  return {
    ...(etag === undefined ? {} : { "if-none-match": etag }),
    ...(lastModified === undefined ? {} : { "if-modified-since": lastModified }),
  };
}

/** Who was asked, and how. */
interface Asked {
  /** The base URL, without credentials. */
  readonly from: string;
  readonly proxy: Proxy | undefined;
  readonly isConditional: boolean;
}

function resultOf(
  { head, url }: Answer,
  transfer: Transfer,
  settings: UpstreamSettings,
  { from, proxy, isConditional }: Asked,
): GetResult {
  if (transfer.isTaken) {
    transfer.finish(url);
    return {
      kind: "fetched",
      validators: { ...validatorsOf(head), from },
      lastModified: lastModifiedOf(head),
      contentEncoding: contentEncodingOf(head),
    };
  }
  const { status } = head;
  if (status === 304 && isConditional) return { kind: "not-modified" };
  if (status === 403 || status === 404 || status === 410) {
    return { kind: "absent", status, url: redactUrl(url.href), ...(proxy && { proxy: proxyText(proxy) }) };
  }
  throw statusError({ head, url }, settings.retry.now(), proxy);
}

function statusError({ head, url }: Answer, now: Date, proxy: Proxy | undefined): UpstreamError {
  const { status } = head;
  const shown = redactUrl(url.href);
  const answer = `the server answers ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
  const through = proxy === undefined ? "" : `, through ${proxyText(proxy)}`;
  const mayWantTls = status === 400 && url.protocol === "http:";
  return new UpstreamError("HTTP_STATUS", `GET ${shown}: ${answer}${through}`, {
    facts: { url: shown, status },
    ...(mayWantTls && { hint: httpsHint }),
    retry: retriedStatuses.has(status) ? "later" : "never",
    retryAfterMs: retryAfterMsOf(head, now),
  });
}

function unauthorized({ head, url }: Answer, base: URL, settings: UpstreamSettings): UpstreamError {
  const shown = redactUrl(url.href);
  const realm = /realm="([^"]*)"/i.exec(head.headers["www-authenticate"] ?? "")?.[1];
  const asked = realm === undefined ? "" : ` for ${JSON.stringify(realm)}`;
  return new UpstreamError(
    "UNAUTHORIZED",
    `GET ${shown}: the server answers 401, it wants a user and password${asked}`,
    { facts: { url: shown, status: 401, realm }, hint: unauthorizedHint(url, base, settings) },
  );
}

function unauthorizedHint(url: URL, base: URL, { authEntries }: UpstreamSettings): string {
  const sent = credentialsFor(url, base, authEntries);
  if (sent !== undefined) return `It does not accept those of ${sent.source}: correct them there.`;
  const unused = findEntryForHttps(url, authEntries);
  if (unused === undefined) {
    return `None were sent. Write them into auth.conf beside the configuration: machine ${url.origin} login USER password WORD.`;
  }
  return `None were sent: ${unused.source} names no scheme and so is for https alone. "machine ${url.origin}" sends them in clear.`;
}
