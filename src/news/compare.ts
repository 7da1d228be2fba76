import type { DiskNews, MirrorNews, Move, PublicLink } from "./news.ts";

/** What is known of a mirror after a run. */
export interface SeenMirror {
  readonly mirror: string;
  /** Undefined if the history does not say. */
  readonly sync:
    | { readonly kind: "good" }
    | { readonly kind: "failed"; readonly at: string; readonly reason?: string | undefined }
    | undefined;
  /** The snapshot that staging leads to. */
  readonly staging: { readonly snapshot: string; readonly packages?: number | undefined } | undefined;
  readonly production: (Move & { readonly isRollback: boolean }) | undefined;
  readonly failedGates: { readonly snapshot: string; readonly gates: readonly string[] } | undefined;
  readonly expiring: readonly {
    readonly link: PublicLink;
    readonly snapshot: string;
    readonly validUntil: string;
    readonly hasExpired: boolean;
  }[];
  readonly damaged: readonly {
    readonly tree: string;
    readonly shownAs: readonly PublicLink[];
    readonly files?: number | undefined;
  }[];
}

/** What was reported about a mirror: the state that the next run is compared with. */
export interface ToldMirror {
  /** Set while syncs fail. */
  readonly failedSince?: string | undefined;
  readonly staging?: string | undefined;
  readonly production?: string | undefined;
  readonly failedGates?: string | undefined;
  readonly expiring: readonly string[];
  readonly damaged: readonly string[];
}

/** For a mirror without reports so far: what its links show is not news, but what is wrong with it is. */
export const nothingTold = (links: Pick<ToldMirror, "staging" | "production">): ToldMirror => ({
  ...links,
  expiring: [],
  damaged: [],
});

/** Returns what changed, the worst first, and what is reported then. */
export function compareMirror(
  told: ToldMirror,
  seen: SeenMirror,
): { readonly news: readonly MirrorNews[]; readonly told: ToldMirror } {
  const { mirror, staging, production, failedGates } = seen;
  const sync = compareSync(told, seen);
  const gates = failedGates && [failedGates.snapshot, ...failedGates.gates].join(" ");
  const expiring = seen.expiring.map((one) => ({
    key: `${one.link} ${one.validUntil}${one.hasExpired ? " expired" : ""}`,
    news: { event: "expiring" as const, mirror, ...one },
  }));
  const damaged = seen.damaged.map((one) => ({
    key: one.tree,
    news: { event: "damaged" as const, mirror, ...one },
  }));
  return {
    news: [
      ...newOf(damaged, told.damaged),
      ...newOf(expiring, told.expiring),
      ...sync.news,
      ...(failedGates === undefined || gates === told.failedGates
        ? []
        : [{ event: "gate.failed" as const, mirror, ...failedGates }]),
      ...compareProduction(told, seen),
      ...(staging === undefined || staging.snapshot === told.staging
        ? []
        : [{ event: "staged" as const, mirror, ...staging }]),
    ],
    told: {
      failedSince: sync.failedSince,
      staging: staging?.snapshot,
      production: production?.snapshot,
      failedGates: gates,
      expiring: expiring.map(({ key }) => key),
      damaged: damaged.map(({ key }) => key),
    },
  };
}

/** A failure is reported once, whatever its reason; so is its end. */
function compareSync(
  { failedSince }: ToldMirror,
  { mirror, sync }: SeenMirror,
): { readonly news: readonly MirrorNews[]; readonly failedSince: string | undefined } {
  if (sync === undefined) return { news: [], failedSince };
  if (sync.kind === "good") {
    const news = failedSince === undefined ? [] : [{ event: "sync.recovered" as const, mirror, failedSince }];
    return { news, failedSince: undefined };
  }
  const { at, reason } = sync;
  if (failedSince !== undefined) return { news: [], failedSince };
  return { news: [{ event: "sync.failed", mirror, since: at, reason }], failedSince: at };
}

function compareProduction(told: ToldMirror, { mirror, production }: SeenMirror): readonly MirrorNews[] {
  if (production === undefined || production.snapshot === told.production) return [];
  const { isRollback, ...move } = production;
  return [{ event: isRollback ? "rolled_back" : "promoted", mirror, ...move }];
}

const newOf = <Item extends MirrorNews>(
  found: readonly { readonly key: string; readonly news: Item }[],
  told: readonly string[],
): readonly Item[] => found.filter(({ key }) => !told.includes(key)).map(({ news }) => news);

/** A file system that mirrors write to. */
export interface SeenDisk {
  readonly path: string;
  readonly mirrors: readonly string[];
  readonly freeBytes: number;
  readonly freeInodes?: number | undefined;
  /** The smaller share of bytes or inodes that is free, from 0 to 1. */
  readonly freeShare: number;
}

/** With less than this free, a disk is almost full. */
const lowShare = 0.05;
/** With this much free again, the next time is reported too: free space goes up and down all the time. */
const enoughShare = 0.1;

/** Returns the file systems that became almost full, and all that were reported and are still too full. */
export function compareDisks(
  told: readonly string[],
  seen: readonly SeenDisk[],
): { readonly news: readonly DiskNews[]; readonly told: readonly string[] } {
  const isTold = (path: string): boolean => told.includes(path);
  const low = seen.filter(({ path, freeShare }) => freeShare < (isTold(path) ? enoughShare : lowShare));
  const unseen = told.filter((path) => !seen.some((disk) => disk.path === path));
  return {
    news: low
      .filter(({ path }) => !isTold(path))
      .map(({ path, mirrors, freeBytes, freeInodes }) => ({
        event: "disk",
        path,
        mirrors,
        freeBytes,
        freeInodes,
      })),
    told: [...unseen, ...low.map(({ path }) => path)],
  };
}
