import { redactUrl } from "../credentials/redact.ts";
import { oddAnswerHint, UpstreamError } from "../errors.ts";
import type { ResponseHead } from "./exchange.ts";

export interface Answer {
  readonly head: ResponseHead;
  /** The URL that sent it, after all redirects. */
  readonly url: URL;
}

const redirectsMax = 10;
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export const isRedirect = ({ head }: Answer): boolean => redirectStatuses.has(head.status);

/** Follows redirects until a response is not one. */
export async function followRedirects(
  first: Answer,
  ask: (url: URL) => Promise<ResponseHead>,
): Promise<Answer> {
  const visited: string[] = [];
  for (let { head, url } = first; ; head = await ask(url)) {
    if (!redirectStatuses.has(head.status)) return { head, url };
    visited.push(url.href);
    const next = targetOf(head, url);
    if (visited.includes(next.href) || visited.length > redirectsMax)
      throw loop(first.url, next, visited.length);
    url = next;
  }
}

function targetOf(head: ResponseHead, from: URL): URL {
  const location = head.headers["location"];
  const shown = redactUrl(from.href);
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw new UpstreamError(
      "RESPONSE_MALFORMED",
      `GET ${shown}: the server answers ${head.status} with no usable Location`,
      { facts: { url: shown, status: head.status }, hint: oddAnswerHint },
    );
  }
  const target = new URL(location, from);
  if (target.protocol === "https:" || target.protocol === from.protocol) return target;
  throw new UpstreamError(
    "REDIRECT_REFUSED",
    `GET ${shown}: the server redirects to ${redactUrl(target.href)}, expected ${from.protocol === "https:" ? "https" : "http or https"}`,
    {
      facts: { url: shown, target: redactUrl(target.href) },
      hint: "Nothing fetched by https is taken from elsewhere; a base url with http:// would allow this upstream.",
    },
  );
}

function loop(start: URL, next: URL, hops: number): UpstreamError {
  const shown = redactUrl(start.href);
  return new UpstreamError(
    "REDIRECT_LOOP",
    `GET ${shown}: still redirected, to ${redactUrl(next.href)}, after ${hops} hops; at most ${redirectsMax} different ones are followed`,
    { facts: { url: shown, target: redactUrl(next.href), hops }, hint: oddAnswerHint },
  );
}
