/** A week of an administrator: syncs of three mirrors by a timer, promotions, and a rollback at night. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createWorkspace, type FakeUpstream, fakeUpstream, type Workspace } from "../support/index.ts";
import { openShell, type Shell } from "./simulated-clock.ts";

const mirrors = ["debian", "security", "vendor"] as const;
type Mirror = (typeof mirrors)[number];

/** Hours between new contents of upstream. */
const newEveryHours: Readonly<Record<Mirror, number>> = { debian: 6, security: 8, vendor: 24 };

const monday = new Date("2026-05-04T00:00:00Z");
const hourMs = 3_600_000;

interface Week {
  readonly workspace: Workspace;
  readonly shell: Shell;
  /** Lets hours pass up to `until` (counted from Monday, 00:00): upstream publishes, and the timer syncs. */
  readonly passTo: (until: number) => Promise<void>;
  readonly shownAt: (link: "staging" | "production") => Promise<readonly (string | undefined)[]>;
}

async function startWeek(snapshot: Readonly<Record<string, unknown>>, everyHours: number): Promise<Week> {
  const workspace = await createWorkspace({});
  const { server, upstream, key } = workspace;
  const upstreams = new Map<Mirror, FakeUpstream>();
  for (const id of mirrors)
    upstreams.set(id, await fakeUpstream({ dir: join(upstream.dir, id), signedBy: key }));
  workspace.configure({
    snapshot: { default_name_format: "2006-01-02T15-04-05Z", prune: { keep_last: 5 }, ...snapshot },
    mirrors: Object.fromEntries(
      mirrors.map((id) => [id, { url: `${server.url}/${id}`, publish_to_staging: true }]),
    ),
  });
  const shell = openShell(workspace, monday);
  let hour = 0;
  return {
    workspace,
    shell,
    async passTo(until) {
      for (; hour < until; hour++) {
        shell.now = new Date(monday.getTime() + hour * hourMs);
        await publishWhatIsNew(upstreams, hour, shell.now);
        shell.now = new Date(shell.now.getTime() + hourMs / 4);
        if (hour % everyHours === 0) await shell.run(["sync"]);
      }
      shell.now = new Date(monday.getTime() + hour * hourMs);
    },
    shownAt: async (link) =>
      Promise.all(mirrors.map(async (id) => (await workspace.published(id))[link]?.target.split("/").at(-1))),
  };
}

async function publishWhatIsNew(
  upstreams: ReadonlyMap<Mirror, FakeUpstream>,
  hour: number,
  date: Date,
): Promise<void> {
  for (const [id, upstream] of upstreams) {
    if (hour % newEveryHours[id] !== 0) continue;
    upstream.suite("stable").addPackage(`${id}-tool`, `1.${hour}`);
    await upstream.publish({ date });
  }
}

describe.each([
  { skip_unchanged: true, everyHours: 1 },
  { skip_unchanged: false, everyHours: 3 },
])("with %o", ({ everyHours, ...snapshot }) => {
  test("after a week of syncs, a rollback at night finds what it needs", async () => {
    const { workspace, shell, passTo, shownAt } = await startWeek(snapshot, everyHours);
    await using _ = workspace;

    await passTo(10);
    await shell.run(["snapshot", "promote", ...mirrors, "--reason", "first production"]);
    const onMonday = await shownAt("production");

    // Wednesday: what was staged in the morning is tested, and promoted although newer ones were staged meanwhile.
    await passTo(57);
    const [tested] = await shownAt("staging");
    await passTo(61);
    expect((await shownAt("staging"))[0]).not.toBe(tested);
    await shell.run(["snapshot", "promote", "debian", "--snapshot", tested ?? "", "--reason", "tested"]);
    expect((await shownAt("production"))[0]).toBe(tested);
    await shell.run(["snapshot", "promote", "security", "vendor", "--reason", "tested"]);
    const onWednesday = await shownAt("production");
    expect(onWednesday).not.toEqual(onMonday);

    // Sunday, 3 a.m.: long after the grace time and `keep_last`, production goes back to Monday's, all three together.
    await passTo(6 * 24 + 3);
    expect(await shownAt("production")).toEqual(onWednesday);
    await shell.run(["snapshot", "rollback", ...mirrors, "--reason", "kernel does not boot"]);
    expect(await shownAt("production")).toEqual(onMonday);

    // The next administrator cannot promote it again by accident.
    const refused = await shell.run(["snapshot", "promote", "debian", "--snapshot", tested ?? ""], 3);
    expect(refused.stderr).toContain("kernel does not boot");
    expect(await shownAt("production")).toEqual(onMonday);

    await expectOneScreen(shell);
  });
});

/** Rows of a usual terminal, and of one as high as the display. */
const rows = { usual: 24, high: 54 };

async function expectOneScreen(shell: Shell): Promise<void> {
  const rowsOf = async (...args: readonly string[]): Promise<number> =>
    (await shell.run(args)).stdout.trimEnd().split("\n").length;
  expect(await rowsOf("history", "--production")).toBeLessThanOrEqual(rows.usual);
  expect(await rowsOf("status")).toBeLessThanOrEqual(rows.high);
  expect(await rowsOf("history")).toBeLessThanOrEqual(rows.high);
}
