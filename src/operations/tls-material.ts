import type { TlsConfig } from "../config/index.ts";
import { readTextFile } from "../platform/files.ts";
import type { TlsMaterial } from "../upstream/index.ts";

/** The [tls] settings of a mirror with the contents of the files that they name. Throws where one cannot be read. */
export function tlsMaterialOf(tls: TlsConfig): TlsMaterial {
  return {
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    insecureSkipVerify: tls.insecureSkipVerify,
    ca: contentOf(tls.caCertFile),
    cert: contentOf(tls.clientCertFile),
    key: contentOf(tls.clientKeyFile),
    ciphers: tls.cipherSuites.length === 0 ? undefined : tls.cipherSuites,
    serverName: tls.serverName,
  };
}

const contentOf = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : readTextFile(path);
