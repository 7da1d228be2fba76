import { STATUS_CODES } from "node:http";
import { findEntryForHttps } from "../credentials/auth-conf.ts";
import { credentialsFor } from "../credentials/credentials.ts";
import { redactUrl } from "../credentials/redact.ts";
import { httpsHint, oddAnswerHint, retriedStatuses, UpstreamError } from "../errors.ts";
import { type Proxy, proxyText } from "../proxies/proxy.ts";
import type { UpstreamSettings } from "../settings.ts";
import type { Answer } from "./redirects.ts";
import { retryAfterMsOf } from "./response-headers.ts";

/** Returns the error of a status that neither gives the file nor says that it is absent. */
export function statusError({ head, url }: Answer, now: Date, proxy: Proxy | undefined): UpstreamError {
  const { status } = head;
  const shown = redactUrl(url.href);
  const answer = `the server answers ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
  const through = proxy === undefined ? "" : `, through ${proxyText(proxy)}`;
  const mayWantTls = status === 400 && url.protocol === "http:";
  return new UpstreamError("HTTP_STATUS", `GET ${shown}: ${answer}${through}`, {
    facts: { url: shown, status },
    hint: mayWantTls ? httpsHint : oddAnswerHint,
    retry: retriedStatuses.has(status) ? "later" : "never",
    retryAfterMs: retryAfterMsOf(head, now),
  });
}

/** Returns the error of a 401, which says where to write the password. */
export function unauthorized({ head, url }: Answer, base: URL, settings: UpstreamSettings): UpstreamError {
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
