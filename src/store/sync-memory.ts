import { dirname } from "node:path";
import * as v from "valibot";
import { treeFactsIfAny } from "../contents/index.ts";
import type { MirrorLayout } from "../layout.ts";
import { makeDirectory, removeFile, writeSmallFile } from "../platform/files.ts";
import { writeDurably } from "../platform/flushing/durable-file.ts";
import { readBytesIfAny, statLinkIfAny } from "../platform/look.ts";
import { parseJsonIfAny } from "../platform/parse-json.ts";
import { normalizePath, RepositoryError } from "../repository/index.ts";

const optionalText = v.optional(v.string());
const hex = v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]+$/)));

const path = v.pipe(v.string(), v.check(isRepositoryPath), v.transform(normalizePath));

function isRepositoryPath(name: string): boolean {
  try {
    return normalizePath(name) === name;
  } catch (error) {
    if (error instanceof RepositoryError) return false;
    throw error;
  }
}

const lackedFile = v.object({
  file: v.pipe(
    v.object({
      path,
      sizeBytes: v.optional(v.number()),
      digests: v.object({ md5: hex, sha1: hex, sha256: hex, sha512: hex }),
      /** The index that lists the file. */
      source: v.string(),
    }),
    v.transform(({ sizeBytes, ...file }) => ({ ...file, sizeBytes })),
  ),
  /** A sentence that starts with the path. */
  problem: v.string(),
  /** How the server identified the wrong bytes that it sent. Undefined if it sent none. */
  sent: v.optional(v.object({ etag: optionalText, lastModified: optionalText })),
});

/** A file that an index lists and that upstream did not have, or had with other bytes, at the last request. */
export type LackedFile = v.InferOutput<typeof lackedFile>;
export type SentBytes = NonNullable<LackedFile["sent"]>;

const stateSchema = v.object({
  format: v.literal(1),
  /** The tree that the last complete sync made. */
  generation: v.string(),
  /** ISO 8601. */
  completedAt: v.string(),
  /** Set for a tree of an earlier version that lacks files which are not recorded. */
  lacksFiles: v.optional(v.boolean()),
  /** Files that upstream lists and the tree lacks (allow_missing). The next sync requests them again. */
  lacking: v.optional(v.array(lackedFile)),
  /** The selection of the sync. Under another one, the same Release is read again. */
  selection: v.string(),
  suites: v.array(
    v.object({
      suite: v.string(),
      /** The ids of the signing keys. */
      signedBy: v.array(v.string()),
      /** Release or Release.gpg beside InRelease could not be used. The next sync tries again. */
      companionsLeftOut: v.optional(v.boolean()),
      /** Of InRelease, for the next conditional request, and the base URL that sent it. */
      etag: optionalText,
      lastModified: optionalText,
      from: optionalText,
    }),
  ),
  /** Variants of the selected architectures that upstream lists and the mirror does not select. */
  variantsLeftOut: v.optional(
    v.array(
      v.object({
        variant: v.string(),
        architecture: v.string(),
        suites: v.pipe(v.array(v.string()), v.readonly()),
      }),
    ),
  ),
  /** Unknown for a tree of an earlier version. */
  facts: treeFactsIfAny,
  /** The size of the tree, so that it is known without a walk. Unknown for a tree of an earlier version. */
  counts: v.optional(v.object({ files: v.number(), packages: v.number(), sizeBytes: v.number() })),
  /** Every file of the tree is on record with the time it was first seen; earlier versions kept no such record. */
  firstSeenKept: v.optional(v.boolean()),
});

/** What the last complete sync records for the next one. */
export type SyncState = Omit<v.InferOutput<typeof stateSchema>, "format">;

export interface SyncMemory {
  /** Returns undefined if there is no state that this version can read. The next sync then requests everything. */
  read(): SyncState | undefined;
  write(state: SyncState): void;
  /** Returns the generation that was last found to have damaged files. It may be gone by now. */
  damagedGeneration(): string | undefined;
  /** Needs no lock: the mark names its generation, and a sync only reads it. */
  markDamaged(generation: string): void;
  unmarkDamaged(): void;
  /** Notes that a sync takes in objects and gives up others. Whatever ends it early, the next one frees what no tree has. */
  beginFreeing(): void;
  endFreeing(): void;
  /** True if a sync has begun this and not ended it. */
  isFreeing(): boolean;
}

export function openSyncMemory({
  syncState,
  damageMark,
  unsweptMark,
}: Pick<MirrorLayout, "syncState" | "damageMark" | "unsweptMark">): SyncMemory {
  return {
    read() {
      const text = readBytesIfAny(syncState)?.toString("utf8");
      const parsed = v.safeParse(stateSchema, parseJsonIfAny(text));
      return parsed.success ? parsed.output : undefined;
    },
    write(state) {
      makeDirectory(dirname(syncState), 0o700);
      writeDurably(syncState, `${JSON.stringify({ format: 1, ...state })}\n`, 0o600);
    },
    damagedGeneration: () => readBytesIfAny(damageMark)?.toString("utf8").trim(),
    markDamaged(generation) {
      makeDirectory(dirname(damageMark), 0o700);
      writeDurably(damageMark, `${generation}\n`, 0o600);
    },
    unmarkDamaged: () => removeFile(damageMark),
    beginFreeing() {
      makeDirectory(dirname(unsweptMark), 0o700);
      writeSmallFile(unsweptMark, "", 0o600);
    },
    endFreeing: () => removeFile(unsweptMark),
    isFreeing: () => statLinkIfAny(unsweptMark) !== undefined,
  };
}
