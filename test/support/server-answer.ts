import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { hasCode } from "../../src/errors.ts";
import type { MeetableFault, RecordedRequest } from "./server-faults.ts";
import { answerFor, openBelow } from "./static-file.ts";

/** An answer, right or wrong, ready to be sent. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Readable;
  /** Where the body is interrupted, in bytes, and how. */
  readonly cut?: { readonly at: number; readonly by: "end" | "close" | "reset" | "stall" };
}

/** A request for a path below the root: its proper answer, and what a fault makes of it. */
export async function decideAnswer(
  root: string,
  request: RecordedRequest,
  fault: MeetableFault["fault"] | undefined,
): Promise<Answer> {
  if (fault === undefined || "respond" in fault) return fileAnswer(root, request.path, request.headers);
  if ("status" in fault) return textAnswer(fault.status, fault.body ?? "", fault.headers);
  if ("html" in fault) {
    return textAnswer(200, "<!DOCTYPE html>\n<title>Not found</title>\n", { "Content-Type": "text/html" });
  }
  const headers = "ignoreRange" in fault ? { ...request.headers, range: undefined } : request.headers;
  const answer = await fileAnswer(root, request.path, headers);
  if ("truncateAt" in fault) return { ...answer, cut: { at: fault.truncateAt, by: "close" } };
  if ("resetAt" in fault) return { ...answer, cut: { at: fault.resetAt, by: "reset" } };
  if ("stallAt" in fault) return { ...answer, cut: { at: fault.stallAt, by: "stall" } };
  if ("wrongLength" in fault) {
    const headersWrong = { ...answer.headers, "Content-Length": fault.wrongLength, Connection: "close" };
    return { ...answer, headers: headersWrong, cut: { at: fault.wrongLength, by: "end" } };
  }
  if ("chunked" in fault) {
    const { "Content-Length": _length, ...rest } = answer.headers;
    return { ...answer, headers: rest };
  }
  return answer;
}

/** Returns an answer that has only a status. */
export function textAnswer(
  status: number,
  body: string | Uint8Array = `${status}\n`,
  headers: OutgoingHttpHeaders = {},
): Answer {
  const bytes = Buffer.from(body);
  return {
    status,
    headers: { "Content-Type": "text/plain", "Content-Length": bytes.length, ...headers },
    body: Readable.from(bytes.length === 0 ? [] : [bytes]),
  };
}

async function fileAnswer(root: string, path: string, request: IncomingHttpHeaders): Promise<Answer> {
  const file = await openBelow(root, path);
  if (typeof file === "number") return textAnswer(file);
  const { status, headers, start, end } = await answerFor(file, request);
  if (end > start) return { status, headers, body: file.createReadStream({ start, end: end - 1 }) };
  await file.close();
  return { status, headers, body: Readable.from([]) };
}

/** Sends an answer. Returns early if the client disconnects. Calls `sent` before each piece. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  fault: MeetableFault | undefined,
  sent: (bytes: number) => void,
): Promise<void> {
  if (answer.cut?.by === "reset" && answer.cut.at === 0) return reset(response, answer.body, fault);
  response.writeHead(answer.status, answer.headers);
  response.flushHeaders();
  try {
    if (response.req.method !== "HEAD") await sendBody(response, answer, fault, sent);
    if (!response.destroyed) response.end();
  } catch (error) {
    if (!hasCode(error, ...codesOfClientsThatGo)) throw error;
  } finally {
    answer.body.destroy();
    fault?.reach();
  }
}

const codesOfClientsThatGo = [
  "ECONNRESET",
  "EPIPE",
  "ECANCELED",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
];

async function sendBody(
  response: ServerResponse,
  { body, cut }: Answer,
  fault: MeetableFault | undefined,
  sent: (bytes: number) => void,
): Promise<void> {
  let bytesLeft = cut?.at ?? Infinity;
  const write = (bytes: Buffer): Promise<void> => {
    sent(bytes.length);
    return new Promise((resolve, reject) => {
      // Node does not report writes to a closed connection.
      response.once("close", resolve);
      response.write(bytes, (error) => {
        response.off("close", resolve);
        if (error) reject(error);
        else resolve();
      });
    });
  };
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (response.closed) return;
    const before = chunk.subarray(0, bytesLeft);
    if (before.length > 0) await write(before);
    bytesLeft -= before.length;
    if (bytesLeft > 0) continue;
    if (cut?.by === "close") response.socket?.destroySoon();
    if (cut?.by === "reset") response.socket?.resetAndDestroy();
    if (cut?.by !== "stall") return;
    fault?.reach();
    await releaseOrClose(response, fault);
    bytesLeft = Infinity;
    if (chunk.length > before.length) await write(chunk.subarray(before.length));
  }
}

function reset(response: ServerResponse, body: Readable, fault: MeetableFault | undefined): void {
  body.destroy();
  response.socket?.resetAndDestroy();
  fault?.reach();
}

async function releaseOrClose(response: ServerResponse, fault: MeetableFault | undefined): Promise<void> {
  if (response.closed) return;
  const closed = Promise.withResolvers<void>();
  response.once("close", closed.resolve);
  await Promise.race([fault?.released, closed.promise]);
}
