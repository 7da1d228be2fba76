import type { ImportedTree } from "../../operations/import-snapshots/index.ts";
import type { ImportOutcome } from "../../operations/imports/index.ts";
import { withFailure } from "./failure.ts";
import type { ImportAnswer, SnapshotImportAnswer } from "./schemas/import.ts";

export const importJson = ({
  text,
  mirrors,
  remarks,
  written,
  unwrittenPasswords,
}: ImportOutcome): ImportAnswer => ({
  configuration: text,
  mirrors,
  remarks: remarks.map(({ kind, place, said, means }) => ({ kind, ...place, said, means })),
  written,
  unwrittenPasswords,
});

export const snapshotImportJson = (imported: readonly ImportedTree[]): SnapshotImportAnswer =>
  imported.map((tree) => (tree.kind === "refused" ? withFailure(tree) : tree));
