import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decideAnswer, sendAnswer, textAnswer } from "./server-answer.ts";
import { type ArmedFault, type Fault, FaultList, type RecordedRequest } from "./server-faults.ts";
import { pathOf } from "./static-file.ts";

export interface StaticServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a final slash. */
  readonly url: string;
  /** Every request since the start or the last `clearRequests`, in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  /** Makes matching requests go wrong in this way from now on. */
  fault(fault: Fault): ArmedFault;
  /** Ends all connections. Rejects if the server itself failed, or a fault's `before` did. */
  close(): Promise<void>;
}

/** Serves a directory over HTTP on the loopback interface, as a plain web server or as a bad one. */
export async function serveDirectory(dir: string): Promise<StaticServer> {
  const requests: Mutable<RecordedRequest>[] = [];
  const faults = new FaultList();
  const failures: unknown[] = [];
  const server = createServer((request, response) => {
    respond(dir, request, response, requests, faults).catch((error: unknown) => {
      failures.push(error);
      response.destroy();
    });
  });
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject).listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const close = async () => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    server.closeAllConnections();
    await closed.promise;
    const unreported = failures.splice(0);
    if (unreported.length > 0) throw new AggregateError(unreported, "the test's web server failed");
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    clearRequests: () => void requests.splice(0),
    fault: (fault) => faults.arm(fault),
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

async function respond(
  dir: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  requests: Mutable<RecordedRequest>[],
  faults: FaultList,
): Promise<void> {
  const { method = "", url: target = "", headers } = incoming;
  const path = pathOf(target);
  const request = { method, path: path ?? target, target, headers, status: 0, bytesSent: 0 };
  requests.push(request);
  const met = path === undefined ? undefined : faults.meet(path);
  await met?.fault.before?.(request);
  await met?.fault.delayUntil;
  if (met !== undefined && "respond" in met.fault) {
    met.fault.respond(incoming, response);
    met.reach();
    return;
  }
  const answer =
    path === undefined
      ? textAnswer(400)
      : ["GET", "HEAD"].includes(method)
        ? await decideAnswer(dir, request, met?.fault)
        : textAnswer(405, undefined, { Allow: "GET, HEAD" });
  request.status = answer.status;
  await sendAnswer(response, answer, met, (bytes) => {
    request.bytesSent += bytes;
  });
}
