import type { Certificate, Keyring } from "../trust/index.ts";
import type { Ports } from "./context.ts";
import { openKeyring, readConfiguredKeys } from "./open-keyring.ts";

interface ConfiguredKeys {
  readonly keyring: Keyring;
  /** The errors of files that cannot be used. */
  readonly unusableFiles: readonly unknown[];
}

/** Reads the keys of a mirror, as a sync does, but past a file that a sync would end at. */
export async function readKeysAsFarAsPossible(
  ports: Ports<"mirror" | "invokerFiles" | "emit">,
): Promise<ConfiguredKeys> {
  const { pgpKeyPaths } = ports.mirror;
  if (pgpKeyPaths.length === 0) return { keyring: await openKeyring(ports), unusableFiles: [] };
  const { readKeyring, TrustError } = await import("../trust/index.ts");
  const certificates: Certificate[] = [];
  const unusableFiles: unknown[] = [];
  for (const path of pgpKeyPaths) {
    try {
      const file = await readConfiguredKeys(ports.invokerFiles, path);
      certificates.push(...(await readKeyring([file])).certificates);
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      unusableFiles.push(error);
    }
  }
  return { keyring: { certificates }, unusableFiles };
}
