import type { Credentials } from "../credentials/credentials.ts";
import type { UpstreamSettings } from "../settings.ts";
import type { DownloadRequest, KnownValidators } from "./request.ts";

/** Returns the headers of a request, except for its range. */
export function headersFor(
  request: DownloadRequest,
  validators: KnownValidators | undefined,
  credentials: Credentials | undefined,
  { userAgent }: Pick<UpstreamSettings, "userAgent">,
): Record<string, string> {
  return {
    accept: "*/*",
    // The listed bytes are wanted; an encoding would only come between.
    "accept-encoding": "identity",
    "user-agent": userAgent,
    ...(credentials === undefined ? {} : { authorization: credentials.authorization }),
    ...(request.fresh === true ? { "cache-control": "no-cache" } : {}),
    ...(validators?.etag === undefined ? {} : { "if-none-match": validators.etag }),
    ...(validators?.lastModified === undefined ? {} : { "if-modified-since": validators.lastModified }),
  };
}

/** Returns the validators to send to the base URL `from`: those of another say nothing about its file. */
export function validatorsFor({ validators }: DownloadRequest, from: string): KnownValidators | undefined {
  return validators?.from === undefined || validators.from === from ? validators : undefined;
}
