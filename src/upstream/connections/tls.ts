import { createRequire } from "node:module";
import type { SecureContext, SecureContextOptions } from "node:tls";
import { UpstreamError } from "../errors.ts";
import type { TlsMaterial, TlsVersion } from "../settings.ts";
import { pairFault, pemFault } from "./pem.ts";

/** Loaded for https alone: it takes a tenth of the time of a sync that finds nothing new. */
const loadTls = (): typeof import("node:tls") => createRequire(import.meta.url)("node:tls");

/** The cipher suites that may be configured: IANA's names, and OpenSSL's. */
const cipherSuites = {
  TLS_AES_128_GCM_SHA256: "TLS_AES_128_GCM_SHA256",
  TLS_AES_256_GCM_SHA384: "TLS_AES_256_GCM_SHA384",
  TLS_CHACHA20_POLY1305_SHA256: "TLS_CHACHA20_POLY1305_SHA256",
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: "ECDHE-RSA-AES128-GCM-SHA256",
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: "ECDHE-RSA-AES256-GCM-SHA384",
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: "ECDHE-ECDSA-AES128-GCM-SHA256",
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: "ECDHE-ECDSA-AES256-GCM-SHA384",
} as const;

export interface TlsOptions {
  /** Takes tens of milliseconds to make, and serves any number of connections. */
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: boolean;
  readonly servername?: string;
}

/**
 * Returns the options of tls.connect() for the [tls] settings. Throws TLS_UNUSABLE for a file without a certificate, a key
 * of another certificate, an unknown cipher suite, or versions in the wrong order: never falls back to a default.
 */
export function tlsOptions(material: TlsMaterial): TlsOptions {
  return {
    secureContext: secureContextOf(material),
    rejectUnauthorized: material.insecureSkipVerify !== true,
    ...(material.serverName === undefined ? {} : { servername: material.serverName }),
  };
}

function secureContextOf(material: TlsMaterial): TlsOptions["secureContext"] {
  assertFilesUsable(material);
  const ciphers = material.ciphers?.map(opensslCipher);
  const { minVersion, maxVersion } = versionRange(material, ciphers);
  const options: SecureContextOptions = {
    ca: material.ca ?? systemCertificates(),
    minVersion,
    maxVersion,
    ...(material.cert === undefined ? {} : { cert: material.cert }),
    ...(material.key === undefined ? {} : { key: material.key }),
    ...(ciphers === undefined ? {} : { ciphers: ciphers.join(":") }),
  };
  try {
    return loadTls().createSecureContext(options);
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** OpenSSL silently takes a file without certificates as "trust nobody", and its messages name no setting. */
function assertFilesUsable({ ca, cert, key }: TlsMaterial): void {
  const faults = {
    ca_cert_file: ca === undefined ? undefined : pemFault("certificate", ca),
    client_cert_file: cert === undefined ? undefined : pemFault("certificate", cert),
    client_key_file: key === undefined ? undefined : pemFault("private-key", key),
  };
  for (const [setting, fault] of Object.entries(faults))
    if (fault !== undefined) throw unusable(`${setting} ${fault}`, { setting });
  const fault = cert === undefined || key === undefined ? undefined : pairFault(cert, key);
  if (fault !== undefined) throw unusable(`client_key_file ${fault}`, { setting: "client_key_file" });
}

/** Returns the allowed versions that the listed cipher suites can serve. Each suite serves one of the two. */
function versionRange(
  material: TlsMaterial,
  ciphers: readonly string[] | undefined,
): { minVersion: TlsVersion; maxVersion: TlsVersion } {
  const has13 = ciphers?.some((cipher) => cipher.startsWith("TLS_")) ?? true;
  const has12 = ciphers?.some((cipher) => !cipher.startsWith("TLS_")) ?? true;
  const minVersion = has12 ? (material.minVersion ?? "TLSv1.2") : "TLSv1.3";
  const maxVersion = has13 ? (material.maxVersion ?? "TLSv1.3") : "TLSv1.2";
  if (minVersion <= maxVersion) return { minVersion, maxVersion };
  throw unusable("min_version, max_version and cipher_suites leave no version of TLS to speak", {});
}

/** Returns the certificates of update-ca-certificates(8), or those of Node if there are none. */
function systemCertificates(): string[] {
  const { getCACertificates } = loadTls();
  const system = getCACertificates("system");
  return [...new Set(system.length > 0 ? system : getCACertificates("bundled"))];
}

function opensslCipher(name: string): string {
  if (isCipherSuite(name)) return cipherSuites[name];
  const known = Object.keys(cipherSuites).join(", ");
  const setting = "cipher_suites";
  throw unusable(`${setting} names ${JSON.stringify(name)}, expected some of ${known}`, { setting });
}

function isCipherSuite(name: string): name is keyof typeof cipherSuites {
  return Object.hasOwn(cipherSuites, name);
}

/** `setting` is the wrong key below [tls], if it is a single one. */
function unusable(found: string, { setting, cause }: { setting?: string; cause?: unknown }): UpstreamError {
  return new UpstreamError("TLS_UNUSABLE", `the [tls] settings cannot be used: ${found}`, {
    facts: { setting },
    hint: "Files must be PEM; the client's key must belong to its certificate.",
    cause,
  });
}
