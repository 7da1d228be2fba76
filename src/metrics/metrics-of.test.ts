import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { everyFact } from "./every-fact.fixture.ts";
import { formatMetrics, metricsOf } from "./index.ts";

const build = { version: "0.1.0", commit: "abc" };
const text = formatMetrics(metricsOf(build, [everyFact]));

test("promtool accepts every metric", () => {
  const { status, stderr, stdout } = spawnSync("promtool", ["check", "metrics"], { input: text });
  expect({ status, said: `${String(stderr)}${String(stdout)}` }).toEqual({ status: 0, said: "" });
});

// promtool and the textfile collector read the older text format, where that line is a comment.
test("the text ends as OpenMetrics must", () => {
  expect(text).toMatch(/\n# EOF\n$/);
});

test("values are in seconds and bytes, and label values are escaped", () => {
  expect(text).toContain('mirrorctl_sync_duration_seconds{mirror="noble"} 90.5\n');
  expect(text).toContain('mirrorctl_sync_timestamp_seconds{mirror="noble"} 1777863721\n');
  expect(text).toContain(
    String.raw`mirrorctl_stage_info{mirror="noble",stage="staging",snapshot="a\"b\\c"} 1`,
  );
  expect(text).toContain('mirrorctl_staged_changes{mirror="noble",kind="removed"} 2\n');
});

test("mirrors on one file system name its free space once", () => {
  const both = formatMetrics(metricsOf(build, [everyFact, { ...everyFact, mirror: "jammy" }]));
  expect(both.match(/^mirrorctl_filesystem_free_bytes\{/gm)).toHaveLength(1);
});

test("what is not known has no sample", () => {
  const unknown = {
    lastRun: undefined,
    lastSuccessAt: undefined,
    downloaded: undefined,
    stagedChanges: undefined,
  };
  const empty = { stages: [], gates: [], keys: [], damaged: [], space: [], snapshots: 0, uniqueBytes: [] };
  const lines = formatMetrics(metricsOf(build, [{ mirror: "noble", ...unknown, ...empty }])).split("\n");
  expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    'mirrorctl_build_info{version="0.1.0",commit="abc"} 1',
    'mirrorctl_snapshots{mirror="noble"} 0',
  ]);
});
