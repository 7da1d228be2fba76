import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedMessage {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server that messages are sent to. */
export interface Receiver extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a final slash. */
  readonly url: string;
  readonly received: ReceivedMessage[];
  /** What it answers from now on; "nothing": it keeps the connection open and never answers. */
  answer: ReceiverAnswer | "nothing";
}

/** Starts a server on the loopback interface that records what it gets, and answers 200. */
export async function startReceiver(): Promise<Receiver> {
  const received: ReceivedMessage[] = [];
  const receiver: { answer: Receiver["answer"] } = { answer: { status: 200, body: "ok" } };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => void chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: target = "", headers } = request;
      received.push({ method, target, headers, body: Buffer.concat(chunks).toString("utf8") });
      const { answer } = receiver;
      if (answer === "nothing") return;
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
