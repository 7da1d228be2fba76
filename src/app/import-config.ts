import { arch } from "node:os";
import type { ImportOutcome, ImportTool } from "../operations/imports/index.ts";

/** Names of Node for processors that dpkg names otherwise. */
const debianNames: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "i386",
  arm: "armhf",
  ppc64: "ppc64el",
  loong64: "loong64",
};

/** Reads the configuration of another tool. It needs none of mirrorctl. */
export async function importConfig(
  tool: ImportTool,
  words: readonly string[],
  write: string | undefined,
): Promise<ImportOutcome> {
  const operation = await import("../operations/imports/index.ts");
  const architecture = debianNames[arch()] ?? arch();
  return operation.importConfig({ tool, words, write, architecture });
}
