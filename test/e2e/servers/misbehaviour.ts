import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { hasCode } from "../../../src/errors.ts";
import type { Fault } from "../../support/index.ts";
import type { Scene } from "./scene.ts";

type Misbehave = (scene: Scene) => void;

/** Requests meet these faults, each the first that fits it. */
export const meeting =
  (...faults: readonly Fault[]): Misbehave =>
  (scene) => {
    for (const fault of faults) scene.fault(fault);
  };

export type Respond = (scene: Scene, request: IncomingMessage, response: ServerResponse) => void;

/** Requests for the path are answered by a function that knows what the server has. */
export const answering =
  (path: Fault["path"], respond: Respond, { times = Infinity } = {}): Misbehave =>
  (scene) => {
    scene.fault({ path, times, respond: (request, response) => respond(scene, request, response) });
  };

export const pathIn = ({ url = "" }: IncomingMessage): string => decodeURIComponent(url.replace(/\?.*$/, ""));

/** Sends what the server has at the path of the request, or 404. */
export function sendFile(
  scene: Scene,
  request: IncomingMessage,
  response: ServerResponse,
  { headers = {}, encode = (bytes) => bytes }: Sending = {},
): void {
  const bytes = bytesIfAny(scene, pathIn(request));
  if (bytes === undefined) response.writeHead(404).end();
  else response.writeHead(200, headers).end(encode(bytes));
}

/** As long as the right bytes. */
export const sendZeros: Respond = (scene, request, response) =>
  sendFile(scene, request, response, { encode: (bytes) => Buffer.alloc(bytes.length) });

interface Sending {
  readonly headers?: OutgoingHttpHeaders;
  readonly encode?: (bytes: Buffer) => Buffer;
}

/** Undefined for what the server does not have. */
export function bytesIfAny(scene: Scene, path: string): Buffer | undefined {
  try {
    return scene.bytesAt(path);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
