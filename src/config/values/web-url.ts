import { ConfigError } from "../errors.ts";

export const webUrlType = "an http or https URL";

/** Parses the URL that messages are sent to. The error does not repeat it: its path may be a secret. */
export function parseWebUrl(text: string): string {
  if (/^https?:\/\/[^\s/]/i.test(text) && !/\s/.test(text) && URL.canParse(text)) {
    const url = new URL(text);
    url.hash = "";
    return url.href;
  }
  throw new ConfigError("VALUE_INVALID", `expected ${webUrlType}; the value is not shown`, {
    facts: { expected: webUrlType },
  });
}
