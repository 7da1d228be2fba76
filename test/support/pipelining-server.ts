import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A connection of a server that reads requests before it has answered earlier ones. */
export interface ServerConnection {
  readonly socket: Socket;
  /** Targets without an answer, in the order of arrival. The server removes those that it answers. */
  readonly pending: string[];
  /** The greatest length of `pending` so far. */
  readonly deepest: number;
  /** Sends a whole answer. */
  answer(status: number, body: Uint8Array, headers?: Readonly<Record<string, string>>): void;
}

export interface PipeliningServer extends AsyncDisposable {
  /** Ends in "/". */
  readonly url: string;
  /** The targets of all requests, in the order of arrival. */
  readonly requests: readonly string[];
  readonly connections: readonly ServerConnection[];
}

/**
 * Starts a hand-made server of HTTP/1.1 on the loopback interface. It calls `respond` when requests have arrived on a
 * connection, with their number.
 */
export async function servePipelines(
  respond: (connection: ServerConnection, count: number) => void,
): Promise<PipeliningServer> {
  const requests: string[] = [];
  const connections: OpenConnection[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = new OpenConnection(socket);
    connections.push(connection);
    let unread = "";
    socket.on("error", () => undefined); // a client that disconnects shows in its own result
    socket.on("data", (chunk) => {
      const heads = (unread + chunk.toString("latin1")).split("\r\n\r\n");
      unread = heads.pop() ?? "";
      const targets = heads.map((head) => head.split(" ", 2)[1] ?? "");
      requests.push(...targets);
      connection.come(targets);
      respond(connection, targets.length);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    connections,
    async [Symbol.asyncDispose]() {
      for (const { socket } of connections) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

class OpenConnection implements ServerConnection {
  readonly socket: Socket;
  readonly pending: string[] = [];
  deepest = 0;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  come(targets: readonly string[]): void {
    this.pending.push(...targets);
    this.deepest = Math.max(this.deepest, this.pending.length);
  }

  answer(status: number, body: Uint8Array, headers: Readonly<Record<string, string>> = {}): void {
    const lines = Object.entries({ "Content-Length": String(body.length), ...headers });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    this.socket.write(
      Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Status\r\n${head}\r\n`, "latin1"), body]),
    );
  }
}
