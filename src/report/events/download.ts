/** What a sync downloads, and the space that it needs. */

import type { FreeSpace, Shortage, Space } from "../../plan/index.ts";
import type { MissingFile } from "../words/missing-files.ts";

/** A package that an index, `source`, lists at a line under a path that is not UTF-8; one character for each byte. */
export interface UnnamedPackage {
  readonly source: string;
  readonly line: number;
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

export interface FoundFileLeft {
  readonly from: string;
  /** "different", or the code of the operating system. */
  readonly why: string;
}

/** How many files were reused in each way. */
export interface ReusedWays {
  readonly linked: number;
  readonly cloned: number;
  readonly copied: number;
}

export type DownloadEvent =
  | { readonly type: "upstream-unchanged" }
  | {
      readonly type: "upstream-moved";
      /** The message of the error that showed it, and what that lists. */
      readonly reason: string;
      readonly items: readonly string[];
      readonly attempt: number;
      readonly waitMs: number;
    }
  /** Indices that clients can do without. */
  | {
      readonly type: "indices-left-out";
      readonly suite: string;
      readonly because: "absent" | "weak" | "different";
      /** Sorted. */
      readonly names: readonly string[];
    }
  /** The path is not UTF-8, which no file can have here: these packages are left out. */
  | { readonly type: "packages-unnamed"; readonly packages: readonly UnnamedPackage[] }
  | { readonly type: "packages-filtered"; readonly packages: number }
  /** Upstream lists files that it does not have, and allow_missing publishes without them. */
  | { readonly type: "files-missing"; readonly files: readonly MissingFile[] }
  | {
      readonly type: "request-retried";
      readonly url: string;
      /** Names the URL. */
      readonly reason: string;
      readonly attempt: number;
      readonly waitMs: number;
      /** The upstream that is asked instead. */
      readonly next?: string;
    }
  /** Wrong bytes may come from a cache on the way, which the next request bypasses. */
  | { readonly type: "caches-bypassed"; readonly reason: string }
  /** Requests are sent before the answers to earlier ones have come. */
  | {
      readonly type: "pipelining-started";
      readonly origin: string;
      readonly roundTripMs: number;
      readonly depth: number;
    }
  | { readonly type: "pipelining-ended"; readonly origin: string; readonly reason: string }
  | {
      readonly type: "transfer-planned";
      readonly files: number;
      readonly sizeBytes: number;
      readonly heldFiles: number;
      /** The directory that has the files, in place of upstream. */
      readonly from?: string;
      /** The directory that an export copies them to. */
      readonly to?: string;
    }
  | { readonly type: "transfer-progressed"; readonly sizeBytes: number }
  | { readonly type: "file-fetched"; readonly path: string; readonly sizeBytes: number }
  /** To the directory of an export. */
  | { readonly type: "file-copied"; readonly path: string; readonly sizeBytes: number }
  /** Its bytes came since the transfer was planned, for another path or another mirror. */
  | { readonly type: "file-linked"; readonly path: string; readonly sizeBytes: number }
  | { readonly type: "transfer-ended" }
  /** Directories below those of --files. */
  | {
      readonly type: "found-directories-unreadable";
      readonly directories: readonly { readonly path: string; readonly code: string }[];
    }
  /** Files below those directories that have the name and the size of a missing file, and why they were not taken. */
  | { readonly type: "found-files-left"; readonly files: readonly FoundFileLeft[] }
  /** What was on this disk already. */
  | {
      readonly type: "files-reused";
      readonly files: number;
      readonly sizeBytes: number;
      readonly ways: ReusedWays;
    }
  /** They are the files of other trees now, under other names. */
  | { readonly type: "files-linked"; readonly files: number }
  /** Links were asked for, and were not possible. */
  | { readonly type: "files-not-linked"; readonly files: number }
  /** What a sync would use of it. */
  | { readonly type: "files-reusable"; readonly files: number; readonly sizeBytes: number }
  | {
      readonly type: "disk-space-estimated";
      readonly sizeBytes: number;
      readonly missingBytes: number;
      readonly freeBytes: number;
    }
  /** SHA256SUMS lists no sizes, so the estimate leaves these out. */
  | { readonly type: "images-uncounted"; readonly images: number }
  | {
      readonly type: "space-needed";
      readonly path: string;
      readonly needed: Space;
      readonly free: FreeSpace;
    }
  /** What does not fit of these mirrors, alone or together. */
  | {
      readonly type: "space-lacking";
      readonly mirrors: readonly string[];
      readonly path: string;
      readonly shortage: Shortage;
    }
  | { readonly type: "space-freed"; readonly objects: number; readonly sizeBytes: number };
