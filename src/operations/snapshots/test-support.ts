/** Mirrors with trees of two syncs, to make snapshots of. Only tests import this. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MirrorContext } from "../context.ts";
import { openSite, type Site, suiteFiles } from "../test-support.ts";

export const plain = { stage: false, force: false };
export const forced = { stage: false, force: true };

/** The files of a first sync, and of a second one. */
export const first = suiteFiles("noble", "2026-05-01T00:00:00Z");
export const second = suiteFiles("noble", "2026-05-02T00:00:00Z");

interface SiteOfNoble {
  readonly site: Site;
  readonly noble: MirrorContext;
}

/** Makes a mirror with the tree of a first sync. `extra` is added to its tables. */
export async function siteWithTree(extra = ""): Promise<SiteOfNoble> {
  const site = await openSite(extra);
  await site.addTree("noble", first);
  return { site, noble: site.mirror("noble") };
}

export const namesOf = async ({ catalog }: MirrorContext): Promise<readonly string[]> =>
  (await catalog.list()).map(({ name }) => name);

/** Returns the Release of a tree or of what a link shows. */
export const releaseIn = (tree: string): string => readFileSync(join(tree, "dists/noble/Release"), "utf8");
