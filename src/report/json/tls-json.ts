/** What `check tls` prints with --json. */
import type { TlsReport } from "../../upstream/index.ts";
import { withFailure } from "./failure.ts";
import type { CheckTlsAnswer } from "./schemas/check-tls.ts";

export const checkTlsJson = (
  mirror: string,
  reports: readonly TlsReport[],
  connects: boolean,
): CheckTlsAnswer => ({ mirror, connects, urls: reports.map(urlJson) });

function urlJson(report: TlsReport): CheckTlsAnswer["urls"][number] {
  if (report.kind === "plain") return report;
  const { error, ...found } = report;
  return error === undefined ? found : { ...found, failure: withFailure({ error }) };
}
