import type { Credential } from "./imported.ts";

/** Takes the user and password out of a URL. Undefined if it is not an http or https URL. */
export function withoutCredentials(
  text: string,
): { readonly url: string; readonly credential: Credential | undefined } | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
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
