import { MirrorctlError } from "../errors.ts";
import { NotifyError } from "./errors.ts";

/** Sends one request over HTTP; see `Post` of src/upstream, whose errors name the origin of the URL alone. */
export type Post = (
  request: {
    readonly url: URL;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  },
  signal: AbortSignal,
) => Promise<{
  readonly status: number;
  /** The words of the status. */
  readonly phrase: string;
  readonly redirectsTo: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly text: string;
}>;

interface WebMessage {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Left out of errors, beside the URL: an answer may repeat what it does not like. */
  readonly secrets?: readonly string[];
}

/** Posts a message. Rejects with NotifyError unless the server says that it took it. */
export async function postMessage(
  post: Post,
  { url, headers = {}, body, secrets = [] }: WebMessage,
  signal: AbortSignal,
): Promise<void> {
  const answer = await post({ url, headers, body }, signal).catch((error: unknown) => {
    if (!(error instanceof MirrorctlError)) throw error;
    throw new NotifyError(error.message, { cause: error });
  });
  const { status, phrase, redirectsTo, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return;
  const says = `${url.origin} answers ${status} ${phrase}`.trimEnd();
  if (redirectsTo !== undefined && status < 400) {
    throw new NotifyError(`${says}, to ${redirectsTo}: write the URL that it leads to`);
  }
  const [line = ""] = answer.text.trim().split("\n", 1);
  const text = withoutSecrets(line.slice(0, shownMax), [...secrets, ...secretsOf(url)]);
  throw new NotifyError(text === "" ? says : `${says}: ${text}`, {
    retryAfterMs,
    isRefusal: refusals.has(status),
  });
}

/** Bad Request, Content Too Large and Unprocessable Content are about one message. */
const refusals: ReadonlySet<number> = new Set([400, 413, 422]);

const shownMax = 200;

/** The whole of what follows the host, and each part of it that is long enough to be a token. */
function secretsOf(url: URL): readonly string[] {
  const parts = [...url.pathname.split("/"), ...url.searchParams.values(), url.password, url.username];
  return [url.href, `${url.pathname}${url.search}`, ...parts].filter(({ length }) => length >= tokenMin);
}

const tokenMin = 6;

/** A token that is cut off at the end of the shown text is left out too. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, decoded(secret)]);
  const shown = forms
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
  const cut = forms.find((secret) => endsWithin(shown, secret));
  return cut === undefined ? shown : `${shown.slice(0, -endsWithin(shown, cut))}***`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return text;
  }
}

/** Returns how many characters at the end of the text are the start of the secret; 0 for fewer than a token has. */
function endsWithin(text: string, secret: string): number {
  for (let length = Math.min(text.length, secret.length); length >= tokenMin; length--) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}
