import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { pipeline } from "node:stream";
import type { StaticServer } from "../../support/index.ts";

/** A server in front of a server: a proxy, or the same server by https. */
export interface Relay extends AsyncDisposable {
  readonly url: string;
  /** The received requests as sent: "GET http://host/path", "CONNECT host:port". */
  readonly requests: { readonly line: string; readonly proxyAuthorization: string | undefined }[];
}

/** Forwards every request to the server, and CONNECT to the given port on the loopback interface. */
export async function startRelay(
  target: Pick<StaticServer, "url">,
  tls?: Pick<ServerOptions, "cert" | "key">,
): Promise<Relay> {
  const requests: Relay["requests"] = [];
  const record = ({ method = "", url = "", headers }: IncomingMessage): void =>
    void requests.push({ line: `${method} ${url}`, proxyAuthorization: headers["proxy-authorization"] });
  const handOn = (incoming: IncomingMessage, response: ServerResponse): void => {
    record(incoming);
    forward(target.url, incoming, response);
  };
  const server = tls === undefined ? createServer(handOn) : createTlsServer(tls, handOn);
  const tunnels = new Set<Socket>();
  server.on("connect", (incoming: IncomingMessage, client: Socket) => {
    record(incoming);
    for (const socket of tunnel(incoming, client)) tunnels.add(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: () => close(server, tunnels),
  };
}

function forward(origin: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(incoming.url ?? "", origin);
  const outgoing = request(`${origin}${pathname}${search}`, { headers: incoming.headers, agent: false });
  outgoing.on("error", () => response.destroy());
  outgoing.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, response, () => undefined);
  });
  outgoing.end();
}

function tunnel({ url = "" }: IncomingMessage, client: Socket): readonly Socket[] {
  const far = connect(Number(url.split(":")[1]), "127.0.0.1", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    pipeline(far, client, far, () => undefined);
  });
  for (const socket of [far, client]) socket.on("error", () => undefined);
  return [far, client];
}

async function close(server: Server, tunnels: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  for (const socket of tunnels) socket.destroy();
  await closed;
}
