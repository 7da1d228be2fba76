import { type AbsentFile, UpstreamError } from "../../../upstream/index.ts";

/**
 * Throws if the server forbids a signature file: as for apt, a 403 is not a 404, and does not say that there is no
 * InRelease. A package or index that is forbidden counts as one that upstream lacks.
 */
export function assertNotForbidden({ status, url, proxy }: AbsentFile): void {
  if (status !== 403) return;
  const who = proxy === undefined ? "the server forbids it" : `the server or ${proxy} forbids it`;
  throw new UpstreamError("HTTP_STATUS", `${url}: ${who} (403)`, {
    facts: { url, status: 403 },
    hint: "Check the URL, the credentials in it, and whether the server answers this network at all.",
  });
}
