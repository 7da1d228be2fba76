import { STATUS_CODES } from "node:http";
import type { ConnectionPools } from "../connections/connection-pools.ts";
import { createRoutes, type RouteSettings } from "../connections/routes.ts";
import { credentialsFor } from "../credentials/credentials.ts";
import { exchange, type ResponseHead } from "./exchange.ts";
import { retryAfterMsOf } from "./response-headers.ts";

/** A message for a server that is not an upstream. */
export interface PostRequest {
  /** Only its origin is in messages: the path of a webhook is a password. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PostAnswer {
  readonly status: number;
  /** The words of the status; empty if it is unknown. */
  readonly phrase: string;
  /** Of a redirect, which is not followed: the origin that it leads to. */
  readonly redirectsTo: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The start of the body, unless the status says that all is well. */
  readonly text: string;
}

/** Sends one request, over the configured proxy. Rejects with UpstreamError, or with the reason of the signal. */
export type Post = (request: PostRequest, signal: AbortSignal) => Promise<PostAnswer>;

export interface PostSettings extends RouteSettings {
  readonly userAgent: string;
  readonly now: () => Date;
}

export function createPost(settings: PostSettings, pools: ConnectionPools): Post {
  const routes = createRoutes(settings, pools);
  return async ({ url, headers, body }, signal) => {
    const authorization = credentialsFor(url, url, settings.authEntries)?.authorization;
    const all = {
      "content-type": "text/plain; charset=utf-8",
      "user-agent": settings.userAgent,
      ...(authorization === undefined ? {} : { authorization }),
      ...headers,
    };
    const { timeouts } = settings;
    const request = { url, headers: all, route: routes.routeTo(url, url), timeouts, posted: body };
    const start = new StartOfBody();
    const head = await start.endingEarly(() => exchange(request, start.accept, signal));
    return {
      status: head.status,
      phrase: STATUS_CODES[head.status] ?? "",
      redirectsTo: originOf(head.headers["location"], url),
      retryAfterMs: retryAfterMsOf(head, settings.now()),
      text: start.text,
    };
  };
}

const keptBytes = 1024;

/** Keeps the start of a body, and ends the exchange there: the server decides how long a body is. */
class StartOfBody {
  readonly #enough = new Error("enough of the body");
  readonly #chunks: Uint8Array[] = [];
  #keptBytes = 0;
  #head: ResponseHead | undefined;

  readonly accept = (head: ResponseHead): ((chunk: Uint8Array) => void) | undefined => {
    this.#head = head;
    return head.status < 300 ? undefined : (chunk) => this.#keep(chunk);
  };

  #keep(chunk: Uint8Array): void {
    this.#chunks.push(chunk.subarray(0, keptBytes - this.#keptBytes));
    this.#keptBytes += chunk.length;
    if (this.#keptBytes >= keptBytes) throw this.#enough;
  }

  async endingEarly(send: () => Promise<ResponseHead>): Promise<ResponseHead> {
    try {
      return await send();
    } catch (error) {
      if (error !== this.#enough || this.#head === undefined) throw error;
      return this.#head;
    }
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}

function originOf(location: string | undefined, base: URL): string | undefined {
  return location !== undefined && URL.canParse(location, base.href)
    ? new URL(location, base).origin
    : undefined;
}
