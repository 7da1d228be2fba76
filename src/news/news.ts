/** A change of state that people want to hear of. Times are ISO 8601 in UTC. */
export type News = MirrorNews | DiskNews;

interface Of<Event extends string> {
  readonly event: Event;
  readonly mirror: string;
}

export type MirrorNews =
  | (Of<"sync.failed"> & { readonly since: string; readonly reason?: string | undefined })
  | (Of<"sync.recovered"> & { readonly failedSince: string })
  | (Of<"staged"> & { readonly snapshot: string; readonly packages?: number | undefined })
  /** The staged snapshot cannot be promoted. */
  | (Of<"gate.failed"> & { readonly snapshot: string; readonly gates: readonly string[] })
  | (Of<"promoted"> & Move)
  | (Of<"rolled_back"> & Move)
  /** Clients refuse a Release after its Valid-Until. */
  | (Of<"expiring"> & {
      readonly link: PublicLink;
      readonly snapshot: string;
      readonly validUntil: string;
      readonly hasExpired: boolean;
    })
  /** A check found damaged files in a tree. */
  | (Of<"damaged"> & {
      readonly tree: string;
      readonly shownAs: readonly PublicLink[];
      readonly files?: number | undefined;
    });

/** A file system is almost full. */
export interface DiskNews {
  readonly event: "disk";
  readonly path: string;
  /** The mirrors of the run that write there. */
  readonly mirrors: readonly string[];
  readonly freeBytes: number;
  readonly freeInodes?: number | undefined;
}

export type PublicLink = "staging" | "production";

/** How production came to show a snapshot. What the history does not say is left out. */
export interface Move {
  readonly snapshot: string;
  /** What was in production before. */
  readonly from?: string | undefined;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /** Put there by `snapshot publish`, which asks no gate. */
  readonly withoutGates?: boolean | undefined;
}
