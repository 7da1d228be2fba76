/** What is known of one mirror. What is not known is undefined, and has no sample. */
export interface MirrorFacts {
  readonly mirror: string;
  readonly lastRun: RunFacts | undefined;
  readonly lastSuccessAt: Date | undefined;
  /** Of the last sync; undefined if it failed. */
  readonly downloaded: DownloadFacts | undefined;
  readonly stages: readonly StageFacts[];
  /** What a promotion of the staged snapshot would change, by kind; undefined if nobody compared it. */
  readonly stagedChanges: Readonly<Record<string, number>> | undefined;
  readonly snapshots: number;
  /** What would be freed with each snapshot; only of those for which no walk is needed to know it. */
  readonly uniqueBytes: readonly { readonly snapshot: string; readonly bytes: number }[];
  /** Of the staged snapshot. */
  readonly gates: readonly { readonly gate: string; readonly verdict: string }[];
  readonly keys: readonly { readonly fingerprint: string; readonly expiresAt: Date | undefined }[];
  /** By the name of the tree. */
  readonly damaged: readonly { readonly tree: string; readonly files: number }[];
  readonly space: readonly SpaceFacts[];
}

export interface RunFacts {
  readonly at: Date;
  readonly succeeded: boolean;
}

export interface DownloadFacts {
  readonly elapsedMs: number;
  readonly files: number;
  readonly bytes: number;
}

export type Stage = "working" | "staging" | "production";

export interface StageFacts {
  readonly stage: Stage;
  readonly snapshot: string;
  readonly changedAt: Date | undefined;
  readonly packages: number | undefined;
  readonly sizeBytes: number | undefined;
  readonly releases: readonly {
    readonly suite: string;
    readonly date: Date | undefined;
    readonly validUntil: Date | undefined;
  }[];
}

/** The free space of a file system. */
export interface SpaceFacts {
  readonly path: string;
  readonly bytes: number;
  /** Undefined if it has no fixed number. */
  readonly inodes: number | undefined;
}
