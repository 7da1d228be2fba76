/** Each step of a sync fails on the disk: the old tree or the new one is shown, and nothing is downloaded twice. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { promoteSnapshots } from "../../src/operations/promotion/promote-snapshots.ts";
import { digestOf } from "../support/digests.ts";
import { createTestbed, type Testbed } from "../support/index.ts";
import { Site } from "../support/site.ts";
import { failEachStep, recordSteps, type Verb } from "./fail-each-step.ts";
import { withFault } from "./faulty-disk.ts";
import { putForeignFiles } from "./foreign-files.ts";

let origin: Testbed;
/** Makes a mirror with an old snapshot, one in production, and new files upstream. */
let running: Site;
/** Makes a mirror without snapshots, whose production follows each sync, and new files upstream. */
let following: Site;

beforeAll(async () => {
  origin = await createTestbed({});
  const { upstream } = origin;
  const suite = upstream
    .suite("noble", { compressions: ["gz"], signatures: "inline", digests: ["SHA256"] })
    .addPackage("stays", "1.0")
    .addPackage("changes", "1.0");
  await upstream.publish();
  running = await emptySite(withSnapshots + workingToo);
  following = await emptySite("");
  await running.sync("noble");
  suite.removePackage("changes").addPackage("changes", "2.0");
  await upstream.publish();
  running.passHours(24);
  await running.sync("noble");
  await promoteSnapshots([running.mirror("noble")], {});
  await following.sync("noble");
  suite.removePackage("changes").addPackage("changes", "3.0");
  await upstream.publish();
  running.passHours(24);
  following.passHours(24);
});
afterAll(async () => {
  recordSteps("Failing steps of syncs and repairs");
  await running[Symbol.asyncDispose]();
  await following[Symbol.asyncDispose]();
  await origin[Symbol.asyncDispose]();
});

const withSnapshots = `publish_to_staging = true
[mirrors.noble.snapshot]
default_name_format = "2006-01-02"
prune = { keep_last = 1 }
`;

/** Makes a mirror whose working mirror is public beside the snapshots. */
const workingToo = `[mirrors.noble.publish]
working = true
`;

const withSkip = `${withSnapshots}skip_unchanged = true\n${workingToo}`;

async function emptySite(extra: string): Promise<Site> {
  const site = await Site.make({ url: origin.server.url, keyFile: origin.keyFile, extra });
  putForeignFiles(site);
  return site;
}

const repair = (site: Site): Promise<void> => site.repair("noble");
const runSync = (site: Site): Promise<void> => site.sync("noble");

/** Checks that the next run does not request a file that was an object after the failed run. */
function watchRequests(site: Site): () => string[] {
  const objects = join(site.dir, ".mirrorctl/objects/sha256");
  const held = new Set(
    (existsSync(objects) ? readdirSync(objects) : []).flatMap((shard) => readdirSync(join(objects, shard))),
  );
  const { server, upstream } = origin;
  server.clearRequests();
  return () =>
    server.requests
      .filter(({ path }) => !path.endsWith("Release") && !path.endsWith("Release.gpg"))
      .filter(({ path }) => held.has(digestOf(readFileSync(join(upstream.dir, path)), "SHA256")))
      .map(({ path }) => `${path} was fetched again`);
}

/** Makes a staged snapshot with a package whose bytes are damaged in every tree. */
async function damagedSite(): Promise<Site> {
  const site = await running.copy();
  writeFileSync(join(site.dir, "noble/staging", damagedPath), "other bytes");
  return site;
}

const damagedPath = "pool/main/s/stays/stays_1.0_amd64.deb";

test("a repair survives a failure of each of its steps", async () => {
  await using template = await damagedSite();
  const mayLeave = /\.mended\.draft|\/partial\//; // which the next sync removes
  const mayFail = /^(?:read|lstatSync) /; // an unreadable file counts as damaged
  const verb: Verb = { template, run: repair, mayMix: true, mayLeave, mayFail, isSlow: true };
  const { steps, problems } = await failEachStep(verb);
  expect(problems).toEqual([]);
  expect(steps.EIO).toBeGreaterThan(3);
});

async function upToDate(extra?: string): Promise<Site> {
  await using site = await running.copy();
  await runSync(site);
  return site.copy(extra);
}

/** The last of the cases in which the names of the working mirror are removed. */
type Situation = readonly [makeTemplate: () => Promise<Site>, hides?: "hides"];
const situations: Readonly<Record<string, Situation>> = {
  "a first tree": [() => emptySite("")],
  "a newer tree, staged": [() => running.copy()],
  "a newer tree, the second of its day": [
    async () => {
      const site = await running.copy();
      site.passHours(-20);
      return site;
    },
  ],
  "a newer tree, and freezes production": [() => following.copy(withSnapshots + workingToo)],
  "a newer tree, staged, and would keep an unchanged one": [() => running.copy(withSkip)],
  "what it lacked": [
    async () => {
      const site = await emptySite("allow_missing = true\n");
      const absent = origin.server.fault({ path: /\/changes_/, status: 404 });
      await runSync(site);
      absent.disarm();
      expect(site.mirror("noble").memory.read()?.lacking).toHaveLength(1);
      return site;
    },
  ],
  "nothing new": [() => upToDate()],
  "a newer tree, and has lost when files were first seen": [
    async () => {
      const site = await running.copy();
      rmSync(site.mirror("noble").layout.firstSeen);
      return site;
    },
  ],
  "a newer tree of a hidden working mirror": [
    async () => {
      await using site = await running.copy(withSnapshots);
      site.mirror("noble").working.alignNames();
      return site.copy();
    },
  ],
  "a newer tree, and hides the working mirror": [() => running.copy(withSnapshots), "hides"],
  "a newer tree, freezes production and hides the working mirror": [
    () => following.copy(withSnapshots),
    "hides",
  ],
  "nothing new, and hides the working mirror": [() => upToDate(withSnapshots), "hides"],
};

/**
 * A full disk has no room for a spare, nor for what makes others faster. What changelogs say of a new staged snapshot is
 * read again when somebody asks.
 */
const mayFail = new RegExp(
  [
    /\/\.[^/]+\.(?:spare\.draft|files)(?:\/|\.next|$)/,
    /\/\.differences(?:\/|$)/,
    /\/state\/changelogs(?:\/|$)/,
    /^close .*\/\.snapshots\/.*\.deb$/,
  ]
    .map(({ source }) => source)
    .join("|"),
);

test.each(Object.entries(situations))(
  "a sync with %s survives a failure of each of its steps",
  async (_name, [makeTemplate, hides]) => {
    await using template = await makeTemplate();
    const { steps, problems } = await failEachStep({
      template,
      run: runSync,
      watch: watchRequests,
      hidesWorking: hides !== undefined,
      isSlow: true,
      mayFail,
    });
    expect(problems).toEqual([]);
    expect(steps.EIO).toBeGreaterThan(10);
  },
);

/** Makes a site that is up to date, without a staging link. */
async function siteToStage(): Promise<Site> {
  const site = await running.copy(withSkip);
  await runSync(site);
  await site.mirror("noble").publisher.hide("staging");
  return site;
}

test("a sync that stages an old snapshot survives a failure of each of its steps", async () => {
  await using template = await siteToStage();
  const { steps, problems } = await failEachStep({ template, run: runSync });
  expect(problems).toEqual([]);
  expect(steps.EIO).toBeGreaterThan(3);
});

test("a sync that keeps its snapshot touches no tree, and changes only the history", async () => {
  await using site = await siteToStage();
  await runSync(site);
  site.passHours(1);
  const { outcome, taken } = await withFault("EIO", Infinity, () => runSync(site));
  expect(outcome).toEqual({ result: undefined });
  const { snapshots, trees, state } = site.mirror("noble").layout;
  // Only those with a record: others are looked at, because they may be somebody else's.
  const ownTree = new RegExp(`^(?:${snapshots}|${trees})/(?!theirs)[^./][^/]*/`);
  const inside = taken.filter(
    ({ path }) => ownTree.test(path) && !/(?:InRelease|Release|Release\.gpg)$/.test(path),
  );
  expect(inside).toEqual([]);
  const changes = taken.filter(({ needs }) => needs === "room" || needs === "change");
  // Possible leftovers of a killed run are removed without a check.
  const expected = new RegExp(`^(?:${state}/|.*/\\.mirrorctl/locks/|${snapshots}/\\.probe$)`);
  const elsewhere = changes.filter(({ path }) => !expected.test(path));
  expect(elsewhere).toEqual([]);
  expect(taken.map(({ call }) => call)).not.toContain("syncfs");
});
