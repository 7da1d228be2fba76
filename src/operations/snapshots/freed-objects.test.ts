/** A deletion frees all that no other tree has, whatever came before, also if it does not look at every object. */
import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  oneof,
  option,
  record,
  subarray,
} from "fast-check";
import { expect, test } from "vitest";
import { Site } from "../../../test/support/site.ts";
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { digestsIn, recordDifference, suiteFiles } from "../test-support.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { deleteSnapshots } from "./delete-snapshots.ts";

const names = ["a", "b", "c", "d"] as const;
const packages = ["one", "two", "three", "four", "five"] as const;

const name = constantFrom(...names);
const sync = record({
  kind: constant("sync" as const),
  packages: subarray([...packages]),
  isRecorded: constantFrom(true, true, true, true, false),
  name: option(name, { nil: undefined }),
});
const move = record({ kind: constantFrom("publish", "delete", "delete"), name });
const anyStep = oneof({ weight: 3, arbitrary: sync }, { weight: 2, arbitrary: move });
type Step = typeof anyStep extends Arbitrary<infer Value> ? Value : never;
const steps = array(anyStep, { minLength: 10, maxLength: 24 });

/** Shows a tree with these files, and frees what the one before had, as a sync does. */
async function syncTo(
  site: Site,
  noble: MirrorContext,
  files: Readonly<Record<string, string>>,
  isRecorded: boolean,
): Promise<void> {
  const { working, layout } = noble;
  const [before] = working.generations().map(digestsIn);
  site.now = new Date(site.now.getTime() + 1000);
  await site.addTree("noble", files);
  await working.removeOthers();
  const [after] = working.generations().map(digestsIn);
  if (before !== undefined && after !== undefined && isRecorded) recordDifference(layout, before, after);
  await noble.sweep();
}

/** Syncs, publishes and deletes. Returns how many objects each deletion looked at, if not at all, and how many it left. */
async function carryOut(site: Site, taken: readonly Step[]) {
  const noble = site.mirror("noble");
  const isThere = async (snapshot: string) => (await noble.catalog.find(snapshot)) !== undefined;
  const deletions: { readonly some: number | undefined; readonly left: number }[] = [];
  for (const [second, step] of taken.entries()) {
    if (step.kind === "sync") {
      const release = suiteFiles("noble", new Date(second * 1000).toISOString());
      const files = Object.fromEntries(step.packages.map((one) => [`pool/${one}.deb`, one]));
      await syncTo(site, noble, { ...release, ...files }, step.isRecorded);
      if (step.name !== undefined && !(await isThere(step.name)))
        await createSnapshot(noble, { name: step.name, stage: false, force: false });
    } else if (await isThere(step.name)) {
      if (step.kind === "publish") await publishSnapshot(noble, step.name, undefined);
      else {
        let some: number | undefined;
        const sweep: MirrorContext["sweep"] = (objects) => {
          const asked = objects && [...objects];
          some = asked?.length;
          return noble.sweep(asked);
        };
        await deleteSnapshots({ ...noble, sweep }, [step.name], { force: true });
        deletions.push({ some, left: (await noble.sweep()).objects });
      }
    }
  }
  return deletions;
}

test("no object is left that no tree has", async () => {
  let looksAtSome = 0;
  await assert(
    asyncProperty(steps, constantFrom("0", "1h"), async (taken, grace) => {
      await using site = await Site.make({ extra: `[mirrors.noble.publish]\ngrace = "${grace}"` });
      const deletions = await carryOut(site, taken);
      expect(deletions.filter(({ left }) => left > 0)).toEqual([]);
      looksAtSome += deletions.filter(({ some }) => some !== undefined).length;
    }),
    { numRuns: 60 },
  );
  expect(looksAtSome).toBeGreaterThan(5);
});
