import type { ImportOutcome, ImportTool } from "../operations/imports/index.ts";
import { debianArchitecture } from "../platform/machine/architecture.ts";

interface ImportFlags {
  /** The configuration is written there. */
  readonly write?: string;
  /** Directories for the sync that follows. */
  readonly files?: readonly string[];
}

/** Reads the configuration of another tool. It needs none of mirrorctl. */
export async function importConfig(
  tool: ImportTool,
  words: readonly string[],
  { write, files }: ImportFlags,
): Promise<ImportOutcome> {
  if (files !== undefined) {
    const { checkDirectories } = await import("../operations/sync/index.ts");
    checkDirectories(files, []); // later the configuration would be there, and the same command be refused for it
  }
  const operation = await import("../operations/imports/index.ts");
  return await operation.importConfig({ tool, words, write, architecture: debianArchitecture() ?? "amd64" });
}
