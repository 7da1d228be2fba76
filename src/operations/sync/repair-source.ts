import { hasCode } from "../../errors.ts";
import type { ListedFile, RepositoryPath, SignatureFileName, Suite } from "../../repository/index.ts";
import { draftTree } from "../../snapshot/index.ts";
import { PartialFile, partialPath } from "../../store/index.ts";
import { TrustError } from "../../trust/index.ts";
import type { MirrorContext } from "../context.ts";
import type { Downloaded } from "./files/downloads.ts";
import { keepListed } from "./files/intake.ts";
import { storeIntake } from "./files/store-intake.ts";
import { downloadIfAny, type SignatureFile } from "./release/signature-files.ts";
import { type SyncPorts, startSync } from "./sync-context.ts";

/**
 * Where a repair gets listed files from. Each file is put at its path below `directory` after it was checked like a file of
 * a sync, and is an object of the store from then on.
 */
export interface RepairSource {
  /** How many files to get at once. */
  readonly maxConns: number;
  /** Links a file if the store has it. Returns false if not. */
  link(file: ListedFile, directory: string): Promise<boolean>;
  /** Copies the bytes of a file. Returns false if they are not the listed ones, or cannot be read. */
  copy(file: ListedFile, directory: string, chunks: Chunks, modifiedAt: Date): Promise<boolean>;
  /** Downloads a file from the first of `paths`, below the base URL, that serves it. */
  download(file: ListedFile, directory: string, paths: readonly RepositoryPath[]): Promise<Downloaded>;
  /** Downloads a file that carries the signature of a suite, unverified. Returns undefined if upstream has none. */
  fetchSignatureFile(suite: Suite, name: SignatureFileName): Promise<SignatureFile | undefined>;
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export function openRepairSource(context: MirrorContext, ports: SyncPorts): RepairSource {
  const sync = startSync(context, ports, { noPgpCheck: false });
  const intakeOf = (directory: string) => storeIntake(sync, draftTree(directory, directory));
  return {
    maxConns: ports.maxConns,
    link: async (file, directory) => intakeOf(directory).linkHeld(file),
    download: (file, directory, paths) => sync.downloads.download(intakeOf(directory), file, paths),
    fetchSignatureFile: (suite, name) => downloadIfAny({ ...ports, signal: context.signal, suite }, name),
    async copy(file, directory, chunks, modifiedAt) {
      const intake = intakeOf(directory);
      const partial = PartialFile.open(partialPath(intake.partials, file), file.sizeBytes);
      try {
        partial.begin(0, {});
        for await (const chunk of chunks) {
          context.signal.throwIfAborted();
          partial.write(chunk);
        }
        await keepListed(intake, file, partial.finish(modifiedAt));
        return true;
      } catch (error) {
        partial.discard();
        if (!(error instanceof TrustError) && !hasCode(error, "EIO", "ENOENT")) throw error;
        return false;
      }
    },
  };
}
