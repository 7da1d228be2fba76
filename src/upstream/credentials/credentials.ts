import { unescape } from "node:querystring";
import { findEntry, type MachineEntry } from "./auth-conf.ts";

export interface Credentials {
  /** The value of the Authorization header (RFC 7617). */
  readonly authorization: string;
  /** Where they are configured: a noun phrase for messages. */
  readonly source: string;
}

/**
 * Returns what to send to `url`, on behalf of the base URL: the user info of the base URL if `url` may see it, otherwise what
 * auth.conf has for `url`. User info in a redirect is ignored, since the administrator did not write it.
 */
export function credentialsFor(
  url: URL,
  base: URL,
  entries: readonly MachineEntry[],
): Credentials | undefined {
  const own = isTrustedWith(url, base) ? basicAuthorization(base) : undefined;
  if (own !== undefined) return { authorization: own, source: "the mirror's url" };
  return credentialsOf(findEntry(url, entries));
}

/** Returns the same for a proxy, whose URL the administrator wrote. */
export function proxyCredentialsFor(proxy: URL, entries: readonly MachineEntry[]): string | undefined {
  return basicAuthorization(proxy) ?? credentialsOf(findEntry(proxy, entries))?.authorization;
}

/**
 * Returns whether `url` may see what is configured for `base`: password, client certificate, server name. The same origin
 * may, and the same host if it redirects from http to https.
 */
export function isTrustedWith(url: URL, base: URL): boolean {
  if (url.origin === base.origin) return true;
  const isUpgrade = base.protocol === "http:" && url.protocol === "https:";
  return isUpgrade && url.hostname === base.hostname && base.port === "" && url.port === "";
}

function credentialsOf(entry: MachineEntry | undefined): Credentials | undefined {
  if (entry === undefined) return undefined;
  return { authorization: basic(entry.login, entry.password), source: entry.source };
}

function basicAuthorization({ username, password }: URL): string | undefined {
  return username === "" && password === "" ? undefined : basic(unescape(username), unescape(password));
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
