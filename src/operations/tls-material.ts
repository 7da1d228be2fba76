import type { TlsConfig } from "../config/index.ts";
import { whyUnreadable } from "../errors.ts";
import type { InvokerFiles } from "../platform/invoker-files.ts";
import { readingHint } from "../platform/ownership.ts";
import type { TlsMaterial } from "../upstream/index.ts";

/**
 * Reads the files that the [tls] settings of a mirror name. Rejects with UpstreamError TLS_UNUSABLE if one cannot be
 * read.
 */
export async function tlsMaterialOf(tls: TlsConfig, files: InvokerFiles): Promise<TlsMaterial> {
  return {
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    insecureSkipVerify: tls.insecureSkipVerify,
    ca: await contentOf(files, "ca_cert_file", tls.caCertFile),
    cert: await contentOf(files, "client_cert_file", tls.clientCertFile),
    key: await contentOf(files, "client_key_file", tls.clientKeyFile),
    ciphers: tls.cipherSuites.length === 0 ? undefined : tls.cipherSuites,
    serverName: tls.serverName,
  };
}

async function contentOf(
  files: InvokerFiles,
  setting: string,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return files.read(path).toString("utf8");
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    const { UpstreamError } = await import("../upstream/index.ts");
    throw new UpstreamError("TLS_UNUSABLE", `cannot read ${path} (${setting} of [tls]): ${reason}`, {
      facts: { setting, path },
      hint: readingHint(path, error) ?? "Correct the path, or let this user read the file.",
      cause: error,
    });
  }
}
