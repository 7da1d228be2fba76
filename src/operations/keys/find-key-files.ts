import { dirname, join } from "node:path";
import { whyUnreadable } from "../../errors.ts";
import type { InvokerFiles } from "../../platform/invoker-files.ts";
import { readKeyFile } from "../../platform/key-files.ts";
import type { Ports } from "../context.ts";

/** Where administrators and packages put keys. */
const folders = [
  "/etc/mirrorctl/keys",
  "/etc/apt/keyrings",
  "/etc/apt/trusted.gpg.d",
  "/usr/share/keyrings",
  "/usr/local/share/keyrings",
] as const;

/** Returns which files of this machine have which key: paths by fingerprint and by key ID. */
export async function findKeyFiles({
  mirror,
  invokerFiles,
}: Ports<"mirror" | "invokerFiles">): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const places = new Set([...folders, ...mirror.pgpKeyPaths.map((path) => dirname(path))]);
  for (const folder of places) {
    for (const name of namesIn(folder, invokerFiles)) {
      if (!/\.(?:gpg|asc|pgp)$/.test(name)) continue;
      const path = join(folder, name);
      for (const key of await namesOfKeysIn(path, invokerFiles))
        found.getOrInsertComputed(key, () => []).push(path);
    }
  }
  return found;
}

function namesIn(folder: string, files: InvokerFiles): readonly string[] {
  try {
    return files.names(folder);
  } catch (error) {
    if (whyUnreadable(error) === undefined) throw error;
    return [];
  }
}

/** A file without keys, or one that this user may not read, has none. */
async function namesOfKeysIn(path: string, files: InvokerFiles): Promise<ReadonlySet<string>> {
  const { readKeyring, TrustError } = await import("../../trust/index.ts");
  try {
    const { certificates } = await readKeyring([readKeyFile(files, path)]);
    return new Set(
      certificates.flatMap(({ keys }) => keys.flatMap(({ fingerprint, keyId }) => [fingerprint, keyId])),
    );
  } catch (error) {
    if (error instanceof TrustError || whyUnreadable(error) !== undefined) return new Set();
    throw error;
  }
}
