import type { ImportOutcome, ImportTool } from "../operations/imports/index.ts";
import { debianArchitecture } from "../platform/architecture.ts";

/** Reads the configuration of another tool. It needs none of mirrorctl. */
export async function importConfig(
  tool: ImportTool,
  words: readonly string[],
  write: string | undefined,
): Promise<ImportOutcome> {
  const operation = await import("../operations/imports/index.ts");
  return await operation.importConfig({ tool, words, write, architecture: debianArchitecture() ?? "amd64" });
}
