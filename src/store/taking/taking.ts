import { type Owner } from "../../platform/foreign-files.ts";
import type { Stats } from "../../platform/look.ts";
import type { ListedFile } from "../../repository/index.ts";
import type { ObjectAdopter } from "../adopt.ts";
import type { Found } from "../keeping/keep.ts";

/** A file on this disk that may be a listed one. It is somebody else's, who may change it at any moment. */
export interface Taking {
  readonly from: string;
  readonly listed: ListedFile;
  /** Where it goes. The directory exists. */
  readonly target: string;
}

/** A clone shares blocks and no inode: neither file changes with the other. A link is the same file under another name. */
export type Way = "linked" | "cloned" | "copied";

export type TakeOutcome =
  | { readonly kind: "taken"; readonly way: Way; readonly sizeBytes: number }
  /** It has other bytes than the listed ones; what they are, if they were read to the end. */
  | { readonly kind: "different"; readonly found: Found | undefined }
  /** It is gone, may not be read, or its disk fails: the code of the operating system. */
  | { readonly kind: "unreadable"; readonly code: string };

/** What is needed for each file. */
export interface TakerTools {
  readonly objects: ObjectAdopter;
  /** Of objects. */
  readonly owner: Owner;
  readonly buffer: Uint8Array;
  /** Devices of which nothing can be linked, or cloned, into the store. */
  readonly unlinkable: Set<number>;
  readonly unclonable: Set<number>;
}

/** True for what cannot be the listed file, before it is read. */
export const isOtherFile = (stats: Stats, { listed }: Pick<Taking, "listed">): boolean =>
  !stats.isFile() || (listed.sizeBytes !== undefined && stats.size !== listed.sizeBytes);
