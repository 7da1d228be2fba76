/** Two mirrors whose staged snapshots can be promoted. Only tests import this. */
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { openSite, type Site, suiteFiles } from "../test-support.ts";

export const ids = ["noble", "jammy"] as const;

/** Two mirrors with "old" in production and "new" in staging. */
export async function stagedSite(): Promise<{ site: Site; contexts: readonly MirrorContext[] }> {
  const site = await openSite();
  const contexts = ids.map((id) => site.mirror(id));
  for (const context of contexts) {
    const { id } = context.mirror;
    await site.addTree(id, suiteFiles(id, "2026-05-01T00:00:00Z"));
    await createSnapshot(context, { name: "old", stage: false, force: false });
    await publishSnapshot(context, "old", undefined);
    await site.addTree(id, suiteFiles(id, "2026-05-02T00:00:00Z"));
    await createSnapshot(context, { name: "new", stage: true, force: false });
  }
  site.events.length = 0;
  return { site, contexts };
}

export const inProduction = (contexts: readonly MirrorContext[]): Promise<readonly unknown[]> =>
  Promise.all(contexts.map(({ publisher }) => publisher.read("production")));

export const snapshot = (name: string): object => ({ kind: "snapshot", name });

/** Returns the events, without those of tests and comparisons. */
export const eventsOfMoves = (site: Site) =>
  site.events.filter(({ type }) => !/^(?:test|gate|reading)-|-changes$/.test(type));
