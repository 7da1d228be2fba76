import { dirname, join } from "node:path";
import type { SignedBy } from "../../apt-sources/index.ts";
import { ConfigError } from "../../config/index.ts";
import { whyUnreadable } from "../../errors.ts";
import type { InvokerFiles } from "../../platform/invoker-files.ts";
import { readingHint } from "../../platform/ownership.ts";
import { isKeyringOfDistribution } from "../distribution-keyring.ts";

/** A file to make. */
export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The keys of a mirror: the files that its configuration names, and those of them to make first. */
export interface PlannedKeys {
  readonly paths: readonly string[];
  readonly newFiles: readonly NewFile[];
}

interface KeyPorts {
  readonly files: InvokerFiles;
  /** Where keys are kept beside the configuration. */
  readonly keysDir: string;
}

/** Plans to copy these keys: what clients of this machine need may be removed. Throws if one of them is not a key. */
export async function planKeys(
  { files, keysDir }: KeyPorts,
  id: string,
  { paths, key }: Pick<SignedBy, "paths" | "key">,
): Promise<PlannedKeys> {
  const isKept = (path: string): boolean => isKeyringOfDistribution(path) || dirname(path) === keysDir;
  const copied = paths
    .filter((path) => !isKept(path))
    .map((path) => ({ name: path, bytes: readKey(files, path) }));
  const inline = key === undefined ? [] : [{ name: "Signed-By", bytes: Buffer.from(key) }];
  const sources = [...copied, ...inline];
  const { readKeyring } = await import("../../trust/index.ts");
  await readKeyring(sources);
  const newFiles = sources.map(({ bytes }, index) => ({
    path: join(keysDir, `${id}${index === 0 ? "" : `-${index + 1}`}${isArmored(bytes) ? ".asc" : ".gpg"}`),
    bytes,
  }));
  return { paths: [...paths.filter(isKept), ...newFiles.map(({ path }) => path)], newFiles };
}

const isArmored = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes("-----BEGIN PGP ");

function readKey(files: InvokerFiles, path: string): Buffer {
  try {
    return files.read(path);
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    throw new ConfigError("FILE_UNREADABLE", `cannot read the key file ${path}: ${reason}`, {
      facts: { path },
      hint:
        readingHint(path, error) ?? "Save the upstream's public key in a file, and name it with --key FILE.",
      cause: error,
    });
  }
}
