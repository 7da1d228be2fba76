import { checkTls, type TlsReport, type UpstreamSettings } from "../upstream/index.ts";
import type { Ports } from "./context.ts";

/** Checks the TLS of each base URL of a mirror, one after the other, by the mirror's own settings. */
export async function checkMirrorTls(
  { signal }: Ports<"signal">,
  settings: UpstreamSettings,
): Promise<readonly TlsReport[]> {
  const reports: TlsReport[] = [];
  for (const url of settings.baseUrls) reports.push(await checkTls(url, settings, signal));
  return reports;
}
