import { dirname } from "node:path";
import * as v from "valibot";
import { writeDurably } from "../platform/durable-file.ts";
import { makeDirectory, readBytesIfAny } from "../platform/files.ts";

const stateSchema = v.object({
  format: v.literal(1),
  /** The tree that the last complete sync made. */
  generation: v.string(),
  /** ISO 8601. */
  completedAt: v.string(),
  /** That upstream lacked files which it lists (allow_missing): the next sync asks for them again. */
  lacksFiles: v.optional(v.boolean()),
  /** What was asked for: under another selection the same Release is read anew. */
  selection: v.string(),
  suites: v.array(
    v.object({
      suite: v.string(),
      /** Ids of the keys that signed. */
      signedBy: v.array(v.string()),
      /** Release or Release.gpg beside InRelease was of no use: it may be now. */
      companionsLeftOut: v.optional(v.boolean()),
      /** Of InRelease, for the next conditional request. */
      etag: v.optional(v.string()),
      lastModified: v.optional(v.string()),
    }),
  ),
});

/** What the last complete sync leaves for the next one. */
export type SyncState = Omit<v.InferOutput<typeof stateSchema>, "format">;

export interface SyncMemory {
  /** Undefined where there is none, or none that this version can read: the next sync then asks for everything. */
  read(): SyncState | undefined;
  write(state: SyncState): void;
}

export function openSyncMemory(path: string): SyncMemory {
  return {
    read() {
      const bytes = readBytesIfAny(path);
      const parsed = v.safeParse(
        stateSchema,
        bytes === undefined ? undefined : parseJson(bytes.toString("utf8")),
      );
      return parsed.success ? parsed.output : undefined;
    },
    write(state) {
      makeDirectory(dirname(path), 0o700);
      writeDurably(path, `${JSON.stringify({ format: 1, ...state })}\n`, 0o600);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // damaged: as good as lost
    throw error;
  }
}
