import { type IncomingHttpHeaders, request } from "node:http";

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The part that arrived, as latin1. */
  readonly body: string;
  /** Whether the body came to its proper end. */
  readonly complete: boolean;
}

export interface RawRequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one request on a new connection, its target exactly as given. Rejects if no head arrives. */
export async function ask(url: string, target: string, options: RawRequestOptions = {}): Promise<RawAnswer> {
  const answered = Promise.withResolvers<RawAnswer>();
  const outgoing = request(url, { ...options, path: target, agent: false }, (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    // A connection that ends early shows in `complete`.
    incoming.on("error", () => undefined);
    incoming.on("close", () =>
      answered.resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString("latin1"),
        complete: incoming.complete,
      }),
    );
  });
  outgoing.on("error", answered.reject);
  outgoing.end();
  return answered.promise;
}
