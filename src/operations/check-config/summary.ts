import { ifAllowed } from "../../platform/look.ts";
import type { Ports } from "../context.ts";

/** A mirror, for one line of the report. */
export interface MirrorSummary {
  readonly id: string;
  /** Without credentials. */
  readonly urls: readonly string[];
  readonly suites: readonly string[];
  readonly sections: readonly string[];
  readonly architectures: readonly string[];
  readonly snapshotEachSync: boolean;
  readonly publishToStaging: boolean;
  /** There is a tree of a complete sync. */
  readonly synced: boolean;
}

export async function summaryOf({ mirror, working }: Ports<"mirror" | "working">): Promise<MirrorSummary> {
  const { redactUrl } = await import("../../upstream/index.ts");
  const { id, urls, suites, sections, architectures, snapshotEachSync, publishToStaging } = mirror;
  return {
    id,
    urls: urls.map(redactUrl),
    suites,
    sections,
    architectures,
    snapshotEachSync,
    publishToStaging,
    synced: ifAllowed(() => working.current()) !== undefined,
  };
}
