import { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";

/** A certificate that a server sent, or the authority that issued the last one. */
export interface CertificateFacts {
  /** The common name, or everything that it is called. */
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** Subject alternative names, such as DNS:deb.example.org. */
  readonly names: readonly string[];
  /** Such as sha256WithRSAEncryption. */
  readonly signatureAlgorithm: string;
  /** SHA-256 of the certificate, in hexadecimal digits with colons. */
  readonly fingerprint256: string;
}

/** A longer chain is an attack on clients rather than a mistake. */
const chainMax = 20;

/** Returns the certificate of the server, its issuer, and so on, as far as they are known. */
export function chainOf(socket: TLSSocket): readonly CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  let current: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (current?.raw !== undefined && chain.length < chainMax) {
    chain.push(factsOf(new X509Certificate(current.raw)));
    const issuer: DetailedPeerCertificate | undefined = current.issuerCertificate;
    current = issuer === current ? undefined : issuer; // an authority issues itself
  }
  return chain;
}

const factsOf = (certificate: X509Certificate): CertificateFacts => ({
  subject: shortName(certificate.subject),
  issuer: shortName(certificate.issuer),
  validFrom: certificate.validFromDate,
  validTo: certificate.validToDate,
  names: certificate.subjectAltName?.split(", ") ?? [],
  signatureAlgorithm: certificate.signatureAlgorithm ?? "unknown",
  fingerprint256: certificate.fingerprint256,
});

/** A distinguished name has one line for each of its parts. */
function shortName(name: string | undefined): string {
  const lines = (name ?? "").split("\n");
  const common = lines.find((line) => line.startsWith("CN="));
  return common?.slice(3) ?? lines.join(", ");
}
