import { valueInvalid } from "./errors.ts";

/** The base URL of an upstream, with a "/" at its end. It may carry credentials. */
export function parseUpstreamUrl(text: string): string {
  // The URL parser drops blanks and adds missing slashes, which hides slips.
  if (!/^https?:\/\/[^\s/]/i.test(text) || /\s/.test(text) || !URL.canParse(text)) {
    throw valueInvalid(text, upstreamUrlType);
  }
  const url = new URL(text);
  if (url.search !== "" || url.hash !== "") {
    throw valueInvalid(
      text.replace(/[?#].*$/s, "?..."),
      `${upstreamUrlType} without "?" and "#", because paths are added at its end`,
    );
  }
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}

export const upstreamUrlType = "an http or https URL";
