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

export const upstreamUrlType = "an http or https URL";
