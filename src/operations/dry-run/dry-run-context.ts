import type { MirrorLayout } from "../../layout.ts";
import type { FreeSpace, Shortage, Space } from "../../plan/index.ts";
import type { ObjectReader } from "../../store/index.ts";
import type { LookContext } from "../sync/index.ts";

export interface SyncEstimate {
  /** Nothing is new upstream. */
  readonly unchanged: boolean;
  /** Packages, sources and images of the whole mirror. */
  readonly files: number;
  readonly sizeBytes: number;
  /** Those that a sync would download. */
  readonly missingFiles: number;
  readonly missingBytes: number;
  /** In `dir`. */
  readonly freeBytes: number;
  /** What a sync takes altogether: indices, packages, directories, and the snapshot that it makes. */
  readonly needs: readonly PlaceNeed[];
  /** Why a sync would refuse. */
  readonly shortages: readonly PlaceShortage[];
}

export interface PlaceNeed {
  readonly path: string;
  readonly needed: Space;
  readonly free: FreeSpace;
}

export type PlaceShortage = Shortage & { readonly path: string };

/** A dry run of one mirror: what can be read of it, and a place for what is not to stay. */
export interface DryRunContext extends LookContext {
  readonly layout: MirrorLayout;
  readonly objects: ObjectReader;
  /** True where a sync with nothing new keeps the newest snapshot. */
  readonly keepsSnapshot: () => boolean;
  readonly freeSpace: (path: string) => FreeSpace;
  /** A directory that is removed afterwards. */
  readonly temporary: string;
}
