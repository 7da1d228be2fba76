import type { InvokerFiles } from "../../platform/invoker-files.ts";
import type { DescribedCertificate } from "../../trust/index.ts";
import { readNamedKeys } from "../open-keyring.ts";

export type KeyFileOutcome =
  | { readonly kind: "read"; readonly path: string; readonly keys: readonly DescribedCertificate[] }
  | { readonly kind: "failed"; readonly path: string; readonly error: unknown };

interface KeyPorts {
  readonly files: InvokerFiles;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Describes the keys in each file. A file without keys is an outcome, and hides none of the others. */
export async function showKeys(
  paths: readonly string[],
  ports: KeyPorts,
): Promise<readonly KeyFileOutcome[]> {
  const outcomes: KeyFileOutcome[] = [];
  for (const path of paths) {
    try {
      outcomes.push({ kind: "read", path, keys: await describeFile(path, ports) });
    } catch (error) {
      ports.signal.throwIfAborted();
      outcomes.push({ kind: "failed", path, error });
    }
  }
  return outcomes;
}

async function describeFile(
  path: string,
  { files, now, signal }: KeyPorts,
): Promise<readonly DescribedCertificate[]> {
  const { describeCertificate, readKeyring } = await import("../../trust/index.ts");
  const hint = "Name a file with public keys, armored or binary, that this user may read.";
  const { certificates } = await readKeyring([await readNamedKeys(files, path, { shown: path, hint })]);
  const keys: DescribedCertificate[] = [];
  for (const certificate of certificates) {
    signal.throwIfAborted();
    keys.push(await describeCertificate(certificate, now()));
  }
  return keys;
}
