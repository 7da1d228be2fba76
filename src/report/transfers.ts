import type { MirrorEvent } from "./events.ts";

/** The progress of what a mirror downloads or reads. */
export interface Transfer {
  readonly mirror: string;
  readonly kind: "download" | "reading";
  readonly startedAt: Date;
  readonly files: number;
  readonly sizeBytes: number;
  filesDone: number;
  bytesDone: number;
}

const ends: ReadonlySet<MirrorEvent["type"]> = new Set([
  "transfer-ended",
  "reading-ended",
  "sync-failed",
  "sync-interrupted",
]);

/** What an event does to the transfer of its mirror. */
export type Change = "begins" | "goes-on" | "ends";

/** The transfers of a run, one for each mirror at a time. */
export class Transfers {
  readonly #transfers = new Map<string, Transfer>();

  get all(): readonly Transfer[] {
    return [...this.#transfers.values()];
  }

  /** Returns the transfer that an event changes, and how; undefined for any other event. */
  follow(
    event: MirrorEvent,
    now: Date,
  ): { readonly transfer: Transfer; readonly change: Change } | undefined {
    const { mirror } = event;
    if (event.type === "transfer-planned" || event.type === "reading-planned") {
      if (event.files === 0) return undefined;
      const { files, sizeBytes } = event;
      const kind = event.type === "transfer-planned" ? "download" : "reading";
      const transfer = {
        mirror,
        kind,
        startedAt: now,
        files,
        sizeBytes,
        filesDone: 0,
        bytesDone: 0,
      } as const;
      this.#transfers.set(mirror, transfer);
      return { transfer, change: "begins" };
    }
    const transfer = this.#transfers.get(mirror);
    if (transfer === undefined) return undefined;
    if (ends.has(event.type)) {
      this.#transfers.delete(mirror);
      return { transfer, change: "ends" };
    }
    return advance(transfer, event) ? { transfer, change: "goes-on" } : undefined;
  }

  clear(): void {
    this.#transfers.clear();
  }
}

/** Returns false for an event that does not advance it. */
function advance(transfer: Transfer, event: MirrorEvent): boolean {
  const { type } = event;
  if (type === "transfer-progressed" || type === "reading-progressed") transfer.bytesDone += event.sizeBytes;
  else if (type === "file-fetched" || type === "file-read" || type === "file-copied") transfer.filesDone++;
  else if (type === "file-linked") {
    transfer.filesDone++;
    transfer.bytesDone += event.sizeBytes;
  } else return false;
  return true;
}
