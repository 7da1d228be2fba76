/**
 * Counts requests, and system calls for each file. Unlike times they are the same on every machine. The bounds are the
 * present costs: a change that saves calls lowers them.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../support/index.ts";

/** Packages of two mirrors. Their difference shows the cost of one more package: start-up costs are in both. */
const sizes = { small: 100, large: 300 };
const changedPackages = 2;
/** InRelease, Release, Release.gpg and two forms of Packages. The Release of binary-amd64 does not change. */
const metadataRequests = { first: 6, changed: 5 };

/** The calls that read or change names on disk. How many others there are depends on the network. */
const traced = "trace=%file,getdents64,ftruncate,fsync,fdatasync,syncfs";

interface Cost {
  readonly requests: number;
  readonly calls: number;
}

/** The costs of a first sync, of one with nothing new, and of one with `changedPackages` new versions that is not the first of these. */
type Costs = Readonly<Record<"first" | "unchanged" | "changed", Cost>>;

describe.each([
  { mirrors: "a mirror", config: {}, bounds: { first: 7, unchanged: 0.1, changed: 1.1 } },
  {
    mirrors: "a mirror with snapshots",
    config: { snapshot: { prune: { keep_last: 2 } } },
    bounds: { first: 13, unchanged: 6.5, changed: 17.5 },
  },
  {
    mirrors: "a mirror with snapshots and skip_unchanged",
    config: { snapshot: { prune: { keep_last: 2 }, skip_unchanged: true } },
    bounds: { first: 13, unchanged: 0.1, changed: 17.5 },
  },
])("the syncs of $mirrors", ({ config, bounds }) => {
  let small: Costs;
  let large: Costs;

  beforeAll(async () => {
    const measured = [measureSyncs(sizes.small, config), measureSyncs(sizes.large, config)] as const;
    [small, large] = await Promise.all(measured);
  });

  test.each(["first", "unchanged", "changed"] as const)("keep to their calls for each file: %s", (sync) => {
    const calls = (large[sync].calls - small[sync].calls) / (sizes.large - sizes.small);
    expect(calls).toBeLessThanOrEqual(bounds[sync]);
  });

  test("request each file once, and later only what changed", () => {
    expect({ small: requestsOf(small), large: requestsOf(large) }).toEqual({
      small: [sizes.small + metadataRequests.first, 1, changedPackages + metadataRequests.changed],
      large: [sizes.large + metadataRequests.first, 1, changedPackages + metadataRequests.changed],
    });
  });
});

/** Of a package and its directory: openat, two calls of getdents64, newfstatat, unlink and rmdir. */
const callsOfDeletion = 6.2;

test("the deletion of a snapshot keeps to its calls for each file", async () => {
  const [small, large] = await Promise.all([measureDeletion(sizes.small), measureDeletion(sizes.large)]);
  expect((large - small) / (sizes.large - sizes.small)).toBeLessThanOrEqual(callsOfDeletion);
});

/** Deletes the snapshot of the second of three syncs, so that each has recorded what it took out. */
async function measureDeletion(packages: number): Promise<number> {
  await using workspace = await createWorkspace({
    snapshot: { prune: { keep_last: 3 }, default_name_format: "2006-01-02T15-04-05.000" },
    mirrors: { debian: {} },
  });
  const suite = await publishPackages(workspace, packages);
  await measureSync(workspace);
  for (const version of ["1.1-1", "1.2-1"]) {
    await changePackages(workspace, suite, version);
    await measureSync(workspace);
  }
  const { stdout } = await workspace.run(["snapshot", "list", "debian", "--json"]);
  const [, second] = JSON.parse(stdout) as { readonly name: string }[];
  return await countCalls(workspace, ["snapshot", "delete", "debian", second?.name ?? ""]);
}

const requestsOf = ({ first, unchanged, changed }: Costs): readonly number[] =>
  [first, unchanged, changed].map(({ requests }) => requests);

async function measureSyncs(packages: number, config: object): Promise<Costs> {
  await using workspace = await createWorkspace({ ...config, mirrors: { debian: {} } });
  const suite = await publishPackages(workspace, packages);
  const first = await measureSync(workspace);
  const unchanged = await measureSync(workspace);
  const change = async (version: string): Promise<Cost> => {
    await changePackages(workspace, suite, version);
    return await measureSync(workspace);
  };
  await change("1.1-1"); // makes the spare
  return { first, unchanged, changed: await change("1.2-1") };
}

type Suite = ReturnType<Workspace["upstream"]["suite"]>;

async function publishPackages({ upstream }: Workspace, packages: number): Promise<Suite> {
  const suite = upstream.suite("stable");
  for (let index = 0; index < packages; index++) suite.addPackage(`package${index}`, "1.0-1");
  await upstream.publish();
  return suite;
}

async function changePackages({ upstream }: Workspace, suite: Suite, version: string): Promise<void> {
  for (let index = 0; index < changedPackages; index++) {
    suite.removePackage(`package${index}`);
    suite.addPackage(`package${index}`, version);
  }
  await upstream.publish();
}

async function measureSync(workspace: Workspace): Promise<Cost> {
  workspace.server.clearRequests();
  const calls = await countCalls(workspace, ["sync", "--quiet"]);
  return { requests: workspace.server.requests.length, calls };
}

async function countCalls(workspace: Workspace, args: readonly string[]): Promise<number> {
  const file = workspace.join("calls.txt");
  const strace = ["strace", "-f", "--seccomp-bpf", "-c", "-o", file, "-e", traced, "--"];
  await workspace.run(args, { through: (commandLine) => [...strace, ...commandLine] });
  const total = /^100\.00 +[\d.]+ +\d+ +(?<calls>\d+) .*total$/m.exec(readFileSync(file, "utf8"));
  if (total === null) throw new Error(`strace left no total in ${file}`);
  return Number(total.groups?.["calls"]);
}
