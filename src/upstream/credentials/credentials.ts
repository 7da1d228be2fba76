import { unescape } from "node:querystring";
import { findEntry, type MachineEntry } from "./auth-conf.ts";

export interface Credentials {
  /** What the Authorization header is to hold (RFC 7617). */
  readonly authorization: string;
  /** Where the administrator wrote them: a noun phrase for messages. */
  readonly source: string;
}

/**
 * What to show to `url`, on behalf of the base URL: its own user info where it may see that, else what auth.conf has
 * for it, else nothing. User info in a redirect is not the administrator's and counts for nothing.
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

/** The same for a proxy, whose URL is the administrator's own. */
export function proxyCredentialsFor(proxy: URL, entries: readonly MachineEntry[]): string | undefined {
  return basicAuthorization(proxy) ?? credentialsOf(findEntry(proxy, entries))?.authorization;
}

/**
 * May `url` see what was configured for `base`: password, client certificate, server name? The same origin may, and
 * the same host when it moves its visitors from http to https.
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
