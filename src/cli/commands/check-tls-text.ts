import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { formatSpan } from "../../report/units.ts";
import { listOf } from "../../report/words/short-list.ts";
import type { CertificateFacts, Connection, TlsReport, VersionSupport } from "../../upstream/index.ts";

type CheckedTls = Extract<TlsReport, { kind: "tls" }>;

/** What was found at one URL, in the form that scripts for earlier versions of mirrorctl read. */
export function tlsText(mirror: string, report: TlsReport, now: Date): string {
  const lines = report.kind === "plain" ? plainLines(mirror, report.url) : checkedLines(mirror, report, now);
  return `${lines.map(escapeControls).join("\n")}\n`;
}

const plainLines = (mirror: string, url: string): readonly string[] => [
  `Mirror '${mirror}' uses ${url}: http, without TLS. There is nothing to check.`,
  "Its signatures protect what is downloaded. Others on the way can see what that is, and can hold back new Releases.",
];

function checkedLines(mirror: string, report: CheckedTls, now: Date): readonly string[] {
  const { host, port, proxy, versions, connection, chain, error } = report;
  const through = proxy === undefined ? "" : ` through the proxy ${proxy}`;
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return [
    `Checking TLS status for mirror '${mirror}' (${place})${through}...`,
    "",
    ...(versions.length === 0 ? [] : ["[+] TLS Version Support:", ...versions.map(versionLine), ""]),
    ...(connection === undefined ? [] : ["[+] Connection Details:", ...connectionLines(connection), ""]),
    ...(chain.length === 0
      ? []
      : ["[+] Server Certificate Chain:", ...chain.flatMap((each, at) => certificateLines(each, at, now))]),
    error === undefined ? "TLS check complete." : "TLS check failed.",
  ];
}

const versionLine = ({ version, supported, reason }: VersionSupport): string =>
  `    ${version}: ${supported ? "Supported" : `Not Supported${reason === undefined ? "" : ` (${reason})`}`}`;

const connectionLines = ({ version, cipher, verified }: Connection): readonly string[] => [
  `    Negotiated Version: ${version}`,
  `    Negotiated Cipher:  ${cipher}`,
  ...(verified ? [] : ["    Certificates:       not verified (insecure_skip_verify)"]),
];

const certificateLines = (certificate: CertificateFacts, at: number, now: Date): readonly string[] => [
  `    - Cert ${at}:`,
  `      Subject:  ${certificate.subject}`,
  `      Issuer:   ${certificate.issuer}`,
  `      Begins:   ${timeOf(certificate.validFrom)}${certificate.validFrom > now ? " (not yet)" : ""}`,
  `      Expires:  ${timeOf(certificate.validTo)} (${daysLeft(certificate.validTo, now)})`,
  ...(certificate.names.length === 0 ? [] : [`      Names:    ${listOf(certificate.names)}`]),
  `      Signed:   ${certificate.signatureAlgorithm}`,
  "",
];

const timeOf = (time: Date): string => time.toISOString().replace(".000", "");

function daysLeft(end: Date, now: Date): string {
  const leftMs = end.getTime() - now.getTime();
  const span = formatSpan(Math.abs(leftMs)).split(" ")[0] ?? "";
  return leftMs > 0 ? `in ${span}` : `expired ${span} ago`;
}
