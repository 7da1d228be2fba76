import { STATUS_CODES } from "node:http";
import { findEntryForHttps } from "./auth-conf.ts";
import { type Credentials, credentialsFor } from "./credentials.ts";
import { UpstreamError } from "./errors.ts";
import { exchange } from "./exchange.ts";
import { redactUrl } from "./redact.ts";
import { type Answer, followRedirects } from "./redirects.ts";
import type { GetRequest, GetResult } from "./request.ts";
import { contentEncodingOf, lastModifiedOf, retryAfterMsOf, validatorsOf } from "./response-headers.ts";
import type { Routes } from "./routes.ts";
import type { UpstreamSettings } from "./settings.ts";
import type { Transfer } from "./transfer.ts";

export interface AttemptPorts {
  readonly settings: UpstreamSettings;
  readonly routes: Routes;
}

/** Asks one base URL once, through its redirects, and takes the body that comes. */
export async function attempt(
  baseUrl: string,
  transfer: Transfer,
  ports: AttemptPorts,
  signal: AbortSignal,
): Promise<GetResult> {
  const base = new URL(baseUrl);
  const range = transfer.nextRange();
  // Joined as text: resolved as a reference, a path such as "core:/stable" would be a URL of scheme "core".
  const start = new URL(`${baseUrl}${transfer.request.path}`);
  const answer = await followRedirects(start, (url) => {
    const credentials = credentialsFor(url, base, ports.settings.authEntries);
    const headers = { ...headersFor(transfer.request, credentials, ports.settings), ...range };
    const dispatcher = ports.routes(url, base);
    const { timeouts } = ports.settings;
    return exchange({ url, headers, dispatcher, timeouts }, transfer.acceptFrom(url), signal);
  });
  const { status } = answer.head;
  if (!transfer.isTaken && range["range"] !== undefined && (status === 206 || status === 416)) {
    // Not the rest of what is held: the file has changed, or the server cannot give ranges of it.
    transfer.startOver();
    return await attempt(baseUrl, transfer, ports, signal);
  }
  if (answer.head.status === 401) throw unauthorized(answer, base, ports.settings);
  return resultOf(answer, transfer, ports.settings);
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
  if (request.validators?.etag !== undefined) headers["if-none-match"] = request.validators.etag;
  if (request.validators?.lastModified !== undefined) {
    headers["if-modified-since"] = request.validators.lastModified;
  }
  return headers;
}

function resultOf({ head, url }: Answer, transfer: Transfer, settings: UpstreamSettings): GetResult {
  if (transfer.isTaken) {
    transfer.finish(url);
    return {
      kind: "fetched",
      validators: validatorsOf(head),
      lastModified: lastModifiedOf(head),
      contentEncoding: contentEncodingOf(head),
    };
  }
  const { status } = head;
  if (status === 304 && transfer.request.validators !== undefined) return { kind: "not-modified" };
  if (status === 403 || status === 404 || status === 410) {
    return { kind: "absent", status, url: redactUrl(url.href) };
  }
  throw statusError({ head, url }, settings.retry.now());
}

const retriedStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

function statusError({ head, url }: Answer, now: Date): UpstreamError {
  const { status } = head;
  const shown = redactUrl(url.href);
  return new UpstreamError(
    "HTTP_STATUS",
    `GET ${shown}: the server answers ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd(),
    {
      facts: { url: shown, status },
      retry: retriedStatuses.has(status) ? "later" : "never",
      retryAfterMs: retryAfterMsOf(head, now),
    },
  );
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
