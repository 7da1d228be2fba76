import { rmSync, truncateSync } from "node:fs";
import { expect, test } from "vitest";
import { listSnapshots } from "../snapshots/index.ts";
import { deb, openMirrors, renameSnapshot } from "../verify/test-support.ts";
import { describeOnce, gatherMetrics } from "./index.ts";

const describe = describeOnce(new Date());

test("each sync replaces what is known of the last run", async () => {
  const mirrors = await openMirrors();
  const context = await mirrors.context("m");
  await mirrors.run(["sync"]);
  const first = await gatherMetrics(context, describe);
  expect(first.downloaded).toMatchObject({ files: expect.any(Number), elapsedMs: expect.any(Number) });
  expect(first.downloaded?.bytes).toBeGreaterThan(0);

  mirrors.aheadMs += 3_600_000;
  await mirrors.run(["sync"]);
  const second = await gatherMetrics(context, describe);
  expect(second.downloaded).toEqual({ elapsedMs: expect.any(Number), files: 0, bytes: 0 });
  expect(second.lastRun?.at.getTime()).toBeGreaterThan((first.lastRun?.at.getTime() ?? 0) + 3_000_000);
  expect(second.lastSuccessAt).toEqual(second.lastRun?.at);

  mirrors.aheadMs += 3_600_000;
  mirrors.upstream.rewrite("dists/stable/InRelease", "no signature");
  await mirrors.run(["sync"], 1);
  const third = await gatherMetrics(context, describe);
  expect(third).toMatchObject({ downloaded: undefined, lastRun: { succeeded: false } });
  expect(third.lastSuccessAt).toEqual(second.lastSuccessAt);
});

// node-exporter drops the whole file if two samples have the same labels.
test("a damaged working mirror is not taken for a snapshot of that name", async () => {
  const mirrors = await openMirrors();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one"]);
  renameSnapshot(mirrors, "one", "working");
  truncateSync(mirrors.file(deb, "working"), 1);
  await mirrors.run(["snapshot", "verify", "m"], 1);
  const { damaged } = await gatherMetrics(await mirrors.context("m"), describe);
  expect(damaged.map(({ tree }) => tree).toSorted()).toEqual(["(working mirror)", "working"]);
});

test("unique bytes are those of the list, and not known without the records of syncs", async () => {
  const mirrors = await openMirrors();
  mirrors.configure({ m: { publish_to_staging: true } });
  const context = await mirrors.context("m");
  await mirrors.run(["sync"]);
  mirrors.upstream.suite("stable").addPackage("hello", "2.0-1");
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  const listed = await listSnapshots([context], { detailed: true });
  const { uniqueBytes } = await gatherMetrics(context, describe);
  expect(uniqueBytes).toEqual(
    listed.map(({ name, usage }) => ({ snapshot: name, bytes: usage?.uniqueBytes })),
  );
  expect(Math.max(...uniqueBytes.map(({ bytes }) => bytes))).toBeGreaterThan(0);

  rmSync(context.layout.differences, { recursive: true });
  const [newest] = listed;
  expect((await gatherMetrics(context, describe)).uniqueBytes).toEqual([
    { snapshot: newest?.name, bytes: 0 },
  ]);
});
