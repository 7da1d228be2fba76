import type { MirrorLayout } from "../../layout.ts";
import type { FreeSpace, Shortage, Space } from "../../plan/index.ts";
import type { ObjectReader } from "../../store/index.ts";
import type { FoundDirectories, LookContext } from "../sync/index.ts";

export interface SyncEstimate {
  /** True if upstream has nothing new. */
  readonly unchanged: boolean;
  /** The packages, sources and images of the whole mirror. */
  readonly files: number;
  readonly sizeBytes: number;
  /** The files that a sync would download. */
  readonly missingFiles: number;
  readonly missingBytes: number;
  /** What a sync would use of directories of this disk. Undefined if none were named. */
  readonly reusable: { readonly files: number; readonly sizeBytes: number } | undefined;
  /** On the file system of `dir`. */
  readonly freeBytes: number;
  /** The space for a whole sync: indices, packages, directories, and its snapshot. */
  readonly needs: readonly PlaceNeed[];
  /** The reasons why a sync would refuse. */
  readonly shortages: readonly PlaceShortage[];
}

export interface PlaceNeed {
  readonly path: string;
  readonly needed: Space;
  readonly free: FreeSpace;
}

export type PlaceShortage = Shortage & { readonly path: string };

/** The ports of a dry run of one mirror. */
export interface DryRunContext extends LookContext {
  readonly layout: MirrorLayout;
  readonly objects: ObjectReader;
  /** Returns true if a sync with nothing new would keep the newest snapshot. */
  readonly keepsSnapshot: () => boolean;
  readonly freeSpace: (path: string) => FreeSpace;
  /** Where files may lie that a sync uses in place of downloads. */
  readonly found: FoundDirectories | undefined;
  /** A directory that the dry run removes at its end. */
  readonly temporary: string;
}
