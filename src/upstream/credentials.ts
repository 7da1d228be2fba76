import { unescape } from "node:querystring";

/** Authorization for the user info of a base URL (RFC 7617), or undefined where there is none. */
export function basicAuthorization(base: URL): string | undefined {
  if (base.username === "" && base.password === "") return undefined;
  const pair = `${unescape(base.username)}:${unescape(base.password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
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
