import * as v from "valibot";
import {
  bytes,
  count,
  described,
  failure,
  list,
  maybe,
  mirrorId,
  snapshotName,
  texts,
  time,
} from "./shapes.ts";
import { syncAnswer } from "./sync.ts";

/** `mirrorctl import --json` */
export const importAnswer = v.object({
  configuration: described(v.string(), "a file of TOML"),
  mirrors: list(mirrorId),
  remarks: list(
    v.object({
      kind: described(
        v.picklist(["imported", "changed", "dropped"]),
        "changed: means something else here, or is not needed; dropped: there is nothing like it",
      ),
      line: maybe(described(count, "of the file that was read")),
      file: maybe(described(v.string(), "its name, if several files were read")),
      argument: maybe(described(count, "of the command line that was read, from 1")),
      field: maybe(described(v.string(), "of what the other tool printed about a mirror")),
      mirror: maybe(described(v.string(), "of the other tool, for field")),
      said: described(v.string(), "without passwords"),
      means: v.string(),
    }),
  ),
  written: described(texts, "the files that were written"),
  unwrittenPasswords: described(texts, "hosts whose passwords are in no file"),
  synced: maybe(described(syncAnswer, "with --files: as for sync")),
});

export type ImportAnswer = v.InferOutput<typeof importAnswer>;

/** `mirrorctl snapshot import --json` */
export const snapshotImportAnswer = list(
  v.variant("kind", [
    v.object({
      kind: v.literal("imported"),
      from: v.string(),
      name: described(snapshotName, "with --dry-run, the name that it would get"),
      createdAt: described(time, "of the newest of its Releases"),
      packages: maybe(described(count, "not with --dry-run")),
      sizeBytes: maybe(bytes),
      remarks: described(texts, "what is unusual, such as a Valid-Until that has passed"),
    }),
    v.object({
      kind: v.literal("there"),
      from: v.string(),
      name: described(snapshotName, "a snapshot of the same Releases"),
    }),
    v.object({ kind: v.literal("refused"), from: v.string(), ...failure }),
  ]),
);

export type SnapshotImportAnswer = v.InferOutput<typeof snapshotImportAnswer>;
