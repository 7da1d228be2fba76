/** Stories of a snapshot that gates test, told with the commands themselves. Only tests import this. */
import type { FakeUpstream, MirrorSettings } from "../../../test/support/index.ts";
import type { SnapshotTestAnswer } from "../../report/json/schemas/gates.ts";
import { type Mirrors, openMirrors } from "../verify/test-support.ts";

export interface Story {
  readonly mirrors: Mirrors;
  /** Runs the gates on what is staged. Throws if the exit status is not that of the verdict. */
  readonly test: (args?: readonly string[]) => Promise<SnapshotTestAnswer>;
}

type StoryGate = SnapshotTestAnswer["gates"][number];

/**
 * Opens the mirror "m" with these gates, "old" in production and "new" in staging. `change` is what upstream changes between
 * the two, and `prepare` what it has from the start; "hello" 1.0-1 and "tool" 2.0-1 are in "old".
 */
export async function tellStory(
  gates: Readonly<Record<string, unknown>>,
  change: (upstream: FakeUpstream) => unknown = () => undefined,
  settings: MirrorSettings = {},
  prepare: typeof change = () => undefined,
): Promise<Story> {
  const mirrors = await openMirrors();
  prepare(mirrors.upstream);
  await mirrors.upstream.publish();
  mirrors.configure({ m: { ...settings, gates } });
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "old"]);
  await mirrors.run(["snapshot", "publish", "m", "old"]);
  change(mirrors.upstream);
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "new", "--stage"]);
  return { mirrors, test: (args = []) => testOf(mirrors, args) };
}

async function testOf(mirrors: Mirrors, args: readonly string[]): Promise<SnapshotTestAnswer> {
  const run = (status: number) => mirrors.run(["--json", "snapshot", "test", "m", ...args], status);
  const { out } = await run(0).catch(() => run(3));
  return JSON.parse(out) as SnapshotTestAnswer;
}

/** Tells a story, and returns what one gate says. */
export async function gateOf(name: string, ...story: Parameters<typeof tellStory>): Promise<StoryGate> {
  const { gates } = await (await tellStory(...story)).test();
  return find(gates, name);
}

export function find(gates: readonly StoryGate[], name: string): StoryGate {
  const found = gates.find(({ gate }) => gate === name);
  if (found === undefined) throw new Error(`no gate ${name}`);
  return found;
}
