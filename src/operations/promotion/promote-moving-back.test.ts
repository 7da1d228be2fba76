import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listFiles } from "../../../test/support/index.ts";
import type { MirrorContext } from "../context.ts";
import { followWorking, rollBackOne } from "../test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";
import { inProduction, snapshot, stagedSite } from "./test-support.ts";

/** The next move of this link fails: its temporary name is taken by a directory. */
function breakLink(link: string): void {
  mkdirSync(join(link, "..", ".current.next"), { recursive: true });
}

test("moves all back if the last link cannot be moved", async () => {
  const { site, contexts } = await stagedSite();
  breakLink(site.mirror("jammy").layout.production);
  await expect(promoteSnapshots(contexts, { reason: "tested by hand" })).rejects.toThrow(".current.next");
  expect(await inProduction(contexts)).toEqual([snapshot("old"), snapshot("old")]);
  expect(site.events).toContainEqual({ mirror: "noble", type: "production-restored", action: "promote" });
  // No line says that production was ever moved.
  for (const { history, mirror } of contexts)
    expect(await history.list({ mirror: mirror.id, limit: 2 })).toMatchObject([
      {
        action: "promote",
        result: "failed",
        from: "old",
        to: "new",
        reason: "tested by hand",
        detail: expect.stringContaining(".current.next"),
      },
      { action: "test" },
    ]);
});

test("keeps files of the tree that was shown until the move back", async () => {
  const { site, contexts } = await stagedSite();
  const { production } = site.mirror("noble").layout;
  const shown = await listFiles(site.mirror("noble").layout.staging);
  breakLink(site.mirror("jammy").layout.production);
  await expect(promoteSnapshots(contexts, {})).rejects.toThrow(".current.next");
  expect((await inProduction(contexts))[0]).toEqual(snapshot("old"));
  expect(await listFiles(production)).toEqual(expect.arrayContaining(shown));
});

test("puts the others back if one cannot be, and fails with the first error", async () => {
  const { site, contexts } = await stagedSite();
  const [noble = site.mirror("noble"), jammy = site.mirror("jammy")] = contexts;
  let moves = 0;
  const failing: MirrorContext = {
    ...jammy,
    publisher: {
      ...jammy.publisher,
      prepare: async (...request) => {
        const publication = await jammy.publisher.prepare(...request);
        return {
          ...publication,
          // First as if the directory cannot be flushed after the rename, then as if nothing works.
          async commit() {
            if (++moves === 1) await publication.commit();
            throw new Error(moves === 1 ? "the first failure" : "the second failure");
          },
        };
      },
    },
  };
  await expect(promoteSnapshots([noble, failing], {})).rejects.toThrow("the first failure");
  expect(await inProduction(contexts)).toEqual([snapshot("old"), snapshot("new")]);
  expect(site.events).toContainEqual({
    mirror: "jammy",
    type: "production-not-restored",
    name: "new",
    reason: "the second failure",
  });
  expect(await jammy.history.list({ mirror: "jammy", limit: 1 })).toMatchObject([
    { result: "failed", detail: expect.stringMatching(/^the first failure; .*: the second failure$/) },
  ]);
  expect((await rollBackOne(jammy)).name).toBe("old");
});

test.each(["working-mirror", "none"] as const)("moves production back to where it was: %s", async (kind) => {
  const { site, contexts } = await stagedSite();
  const noble = site.mirror("noble");
  await noble.publisher.hide("production");
  if (kind === "working-mirror") await followWorking(noble, "production");
  breakLink(site.mirror("jammy").layout.production);
  await expect(promoteSnapshots(contexts, {})).rejects.toThrow(".current.next");
  expect(await inProduction(contexts)).toEqual([{ kind }, snapshot("old")]);
});
