import { valueInvalid } from "../errors.ts";
import { adviceOnVariable } from "./names.ts";

/** Parses the base URL of an upstream, and adds a final "/". It may contain credentials. */
export function parseUpstreamUrl(text: string): string {
  const advice = adviceOnVariable(text, oneMirrorForEach);
  if (advice !== undefined) throw valueInvalid(text, upstreamUrlType, advice);
  // The URL parser drops blanks and adds missing slashes, which hides typing mistakes.
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

const oneMirrorForEach =
  'Write a mirror for each architecture, with that architecture in its url; or, if the repository is flat, end url before the variable and list the directories: suites = ["amd64/", "arm64/"]';

/** Parses the URL at which clients see files of this machine, as `parseUpstreamUrl`. It is printed, so it has no password. */
export function parseClientUrl(text: string): string {
  const href = parseUpstreamUrl(text);
  const { username, password } = new URL(href);
  if (username === "" && password === "") return href;
  throw valueInvalid(
    text,
    `${upstreamUrlType} without user and password`,
    "Clients keep those in /etc/apt/auth.conf.d/",
  );
}

export const upstreamUrlType = "an http or https URL";
