import type { Credential } from "./imported.ts";

/** Why a URL is one that `withoutCredentials` does not accept. */
export const notMirrored = "only http and https URLs can be mirrored, and without ? or #";

/** Takes the user and password out of a URL. Undefined if it is not an http or https URL that can be mirrored. */
export function withoutCredentials(
  text: string,
): { readonly url: string; readonly credential: Credential | undefined } | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  // After a password with a "/", the rest of it would be part of the path, and shown.
  if (url.search + url.hash !== "" || (/:\d*$/.test(url.host) && url.pathname.includes("@")))
    return undefined;
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const href = url.href.endsWith("/") ? url.href : `${url.href}/`;
  if (username === "" && password === "") return { url: href, credential: undefined };
  return {
    url: href,
    credential: { origin: url.origin, login: decoded(username), password: decoded(password) },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return text;
  }
}
