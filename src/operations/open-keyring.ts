import { whyUnreadable } from "../errors.ts";
import type { InvokerFiles } from "../platform/invoker-files.ts";
import { aptKeyPaths, readKeyFile } from "../platform/key-files.ts";
import { readingHint } from "../platform/ownership.ts";
import type { KeyFile, Keyring } from "../trust/index.ts";
import type { MirrorContext } from "./context.ts";

/**
 * Reads the keys that may sign for a mirror: those of the configured files or, if none is configured, those that apt
 * trusts. Keys are rotated, so each sync reads them again.
 */
export async function openKeyring(
  context: Pick<MirrorContext, "mirror" | "emit" | "invokerFiles">,
): Promise<Keyring> {
  const { readKeyring, TrustError } = await import("../trust/index.ts");
  const { mirror, invokerFiles } = context;
  const { pgpKeyPaths } = mirror;
  if (pgpKeyPaths.length > 0)
    return readKeyring(await Promise.all(pgpKeyPaths.map((path) => readConfiguredKeys(invokerFiles, path))));
  const usable: KeyFile[] = [];
  for (const path of aptKeyPaths(invokerFiles)) {
    try {
      const file = readKeyFile(invokerFiles, path);
      await readKeyring([file]);
      usable.push(file);
    } catch (error) {
      // The configuration does not name this file: it may belong to another vendor.
      const problem = error instanceof TrustError ? error.message : problemOfReading(path, error);
      if (problem === undefined) throw error;
      context.emit({ type: "key-file-skipped", problem });
    }
  }
  return readKeyring(usable);
}

/** Such as a dangling link. */
function problemOfReading(path: string, error: unknown): string | undefined {
  const reason = whyUnreadable(error);
  return reason && `key file ${path}: ${reason}`;
}

/** Rejects with TrustError KEYRING_UNREADABLE if the file cannot be opened. */
export const readConfiguredKeys = (files: InvokerFiles, path: string): Promise<KeyFile> =>
  readNamedKeys(files, path, {
    shown: `${path} (pgp_key_path)`,
    hint: "Put the upstream's public key there, armored or binary, readable by this user.",
  });

/** Reads a file of keys that somebody named. Rejects with TrustError KEYRING_UNREADABLE if it cannot be opened. */
export async function readNamedKeys(
  files: InvokerFiles,
  path: string,
  { shown, hint }: { readonly shown: string; readonly hint: string },
): Promise<KeyFile> {
  try {
    return readKeyFile(files, path);
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    const { TrustError } = await import("../trust/index.ts");
    throw new TrustError("KEYRING_UNREADABLE", `cannot read the key file ${shown}: ${reason}`, {
      facts: { path, found: reason },
      hint: readingHint(path, error) ?? hint,
      cause: error,
    });
  }
}
