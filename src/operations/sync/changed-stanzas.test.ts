/** Complete syncs that read the stanzas that changed: they leave on disk what a sync leaves that reads all of them. */
import { readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Arbitrary, array, assert, asyncProperty, constantFrom, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { openMirror, type SyncedMirror, withLargeStanzas } from "./test-support.ts";

const settings = 'mirror_source = true\n[mirrors.m.publish]\ngrace = "0"\n';
const stateOf = ({ dir }: SyncedMirror): string => join(dir, ".mirrorctl/state/m.json");

/** What the next sync, and every other verb, knows of the tree that is shown. Leaves out times, and what names the tree. */
async function knownOf(mirror: SyncedMirror) {
  const list = listOf(mirror);
  const text = readFileSync(list, "utf8");
  const { counts, facts, selection } = JSON.parse(readFileSync(stateOf(mirror), "utf8"));
  const firstSeen = readFileSync(join(mirror.dir, ".mirrorctl/state/m.first-seen"), "utf8").match(
    /\w{64}$/gm,
  );
  const { metadata, listing } = JSON.parse(text.slice(0, text.indexOf("\n")));
  return {
    tree: await mirror.tree(),
    metadata: metadata.map((name: unknown) => JSON.stringify(name)).toSorted(),
    // Blocks depend on what came before.
    listing: listing && {
      ...listing,
      indices: listing.indices.map((index: object) => ({ ...index, blocks: undefined })),
    },
    lines: text.split("\n").slice(1, -2), // the last one is the digest of all
    state: { counts, facts, selection },
    firstSeen: firstSeen?.toSorted(),
  };
}

function listOf({ dir }: SyncedMirror): string {
  const shown = realpathSync(join(dir, "m/.live"));
  return join(dirname(shown), `.${shown.split("/").at(-1)}.files`);
}

async function sync(mirror: SyncedMirror, extra = settings): Promise<void> {
  const { outcome, said } = await mirror.sync({ extra });
  expect([outcome.kind, said]).toEqual(["synced", expect.anything()]);
}

/** Makes the next sync read every stanza, and link every file. */
function forget(mirror: SyncedMirror): void {
  rmSync(listOf(mirror));
  rmSync(stateOf(mirror));
  const trees = dirname(realpathSync(join(mirror.dir, "m/.live")));
  for (const name of readdirSync(trees).filter((one) => one.endsWith(".spare")))
    rmSync(join(trees, name), { recursive: true });
}

test("reads everything after a sync that lacked a file", async () => {
  await using mirror = await openMirror();
  const extra = `allow_missing = true\n${settings}`;
  const suite = mirror.upstream.suite("stable", { compressions: ["gz"] }).addPackage("stays", "1.0");
  await mirror.upstream.publish();
  await sync(mirror, extra);
  const absent = mirror.server.fault({ path: /announced_/, status: 404 });
  for (const name of ["announced", "other", "later"]) {
    suite.addPackage(name, "1.0");
    await mirror.upstream.publish();
    await sync(mirror, extra);
    expect((await knownOf(mirror)).listing).toBeUndefined();
  }
  absent.disarm();
  suite.addPackage("last", "1.0");
  await mirror.upstream.publish();
  await sync(mirror, extra);
  const known = await knownOf(mirror);
  expect([...known.tree.keys()]).toContain("pool/main/a/announced/announced_1.0_amd64.deb");
  expect(known.listing).toBeDefined();
  forget(mirror);
  await sync(mirror, extra);
  expect(known).toEqual(await knownOf(mirror));
});

/** How an upstream may write an index. */
const styles = {
  "as usual": (text: string) => text,
  "with CRs": (text: string) => text.replaceAll("\n", "\r\n"),
  "with more empty lines": (text: string) => `\n${text.replaceAll("\n\n", "\n\n\n \n\n")}`,
  "without an end": (text: string) => text.trimEnd(),
  "with each stanza twice": (text: string) => text + text,
  "in reverse": (text: string) =>
    text
      .split(/(?<=\n\n)/)
      .toReversed()
      .join(""),
};
type Style = keyof typeof styles;
const allStyles = Object.keys(styles) as Style[];
const architectures = ["amd64", "arm64"];

/** What an upstream does between two syncs. A package of all architectures is in two indices, and perhaps in two suites. */
interface UpstreamStep {
  readonly suite: string;
  readonly name: string;
  /** None: the package goes. */
  readonly version: string | undefined;
  readonly architecture: string;
  /** The version of a source. */
  readonly source: string;
  readonly style: Style;
}

const stepWith = (style: Style): Arbitrary<UpstreamStep> =>
  record({
    suite: constantFrom("stable", "updates"),
    name: constantFrom("alpha", "béta", "gamma"),
    version: constantFrom("1", "2", undefined),
    architecture: constantFrom(...architectures, "all"),
    source: constantFrom("1", "2"),
    style: constantFrom<Style[]>("as usual", style),
  });

describe("knows what a sync knows that reads everything", () => {
  test.each(allStyles)("of indices written %s", async (style) => {
    const steps = array(stepWith(style), { minLength: 1, maxLength: 4 });
    await assert(asyncProperty(steps, knowsAsMuch), { numRuns: 4 });
  });
});

async function knowsAsMuch(steps: readonly UpstreamStep[]): Promise<void> {
  await using mirror = await openMirror(["stable", "updates"], { architectures });
  let style: Style = "as usual";
  const editIndex = (text: string): string => styles[style](withLargeStanzas(text));
  for (const name of ["stable", "updates"])
    mirror.upstream
      .suite(name, { architectures, compressions: ["gz"], editIndex })
      .addPackage(`stays-in-${name}`, "1.0")
      .addPackage("shared", "1.0", { architecture: "all" })
      .addSource("origin", "1");
  await mirror.upstream.publish();
  await sync(mirror);
  const listed = new Set<string>();
  for (const { suite: suiteName, name, version, architecture, source, ...others } of steps) {
    const suite = mirror.upstream.suite(suiteName);
    if (listed.delete(suiteName + name)) suite.removePackage(name);
    if (version !== undefined) {
      const filename = `pool/${name}_${version}_${architecture}.deb`;
      suite.addPackage(name, version, { filename, architecture });
      listed.add(suiteName + name);
    }
    suite.removeSource("origin").addSource("origin", source);
    ({ style } = others);
    await mirror.upstream.publish();
    await sync(mirror);
    expect((await knownOf(mirror)).listing).toBeDefined();
  }
  const known = await knownOf(mirror);
  forget(mirror);
  await sync(mirror);
  expect(known).toEqual(await knownOf(mirror));
}
