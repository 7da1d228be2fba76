import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { hasCode } from "../../../src/errors.ts";
import type { Fault } from "../../support/index.ts";
import type { CaseSite } from "./case-site.ts";

type Misbehave = (site: CaseSite) => void;

/** Applies these faults; the first that matches a request applies. */
export const meeting =
  (...faults: readonly Fault[]): Misbehave =>
  (site) => {
    for (const fault of faults) site.fault(fault);
  };

export type Respond = (site: CaseSite, request: IncomingMessage, response: ServerResponse) => void;

/** Handles requests for the path with a function that knows the files of the server. */
export const answering =
  (path: Fault["path"], respond: Respond, { times = Infinity } = {}): Misbehave =>
  (site) => {
    site.fault({ path, times, respond: (request, response) => respond(site, request, response) });
  };

export const pathIn = ({ url = "" }: IncomingMessage): string => decodeURIComponent(url.replace(/\?.*$/, ""));

/** Sends the server's file at the path of the request, or 404. */
export function sendFile(
  site: CaseSite,
  request: IncomingMessage,
  response: ServerResponse,
  { headers = {}, encode = (bytes) => bytes }: Sending = {},
): void {
  const bytes = bytesIfAny(site, pathIn(request));
  if (bytes === undefined) response.writeHead(404).end();
  else response.writeHead(200, headers).end(encode(bytes));
}

/** Bytes of the same length as the right ones. */
export const sendZeros: Respond = (site, request, response) =>
  sendFile(site, request, response, { encode: (bytes) => Buffer.alloc(bytes.length) });

interface Sending {
  readonly headers?: OutgoingHttpHeaders;
  readonly encode?: (bytes: Buffer) => Buffer;
}

/** Returns undefined for a file that the server does not have. */
export function bytesIfAny(site: CaseSite, path: string): Buffer | undefined {
  try {
    return site.bytesAt(path);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
