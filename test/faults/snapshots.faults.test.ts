/** Each step of each verb fails on the disk: clients lose nothing, and the same verb again completes. */
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { approveSnapshot, testNamed } from "../../src/operations/gates/index.ts";
import { publishSnapshot } from "../../src/operations/production/publish-snapshot.ts";
import { rollBack } from "../../src/operations/production/roll-back.ts";
import { stageSnapshot } from "../../src/operations/production/stage-snapshot.ts";
import { promoteSnapshots } from "../../src/operations/promotion/promote-snapshots.ts";
import { createSnapshot } from "../../src/operations/snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../../src/operations/snapshots/delete-snapshots.ts";
import { pinSnapshot, unpinSnapshot } from "../../src/operations/snapshots/pin-snapshot.ts";
import { pruneSnapshots } from "../../src/operations/snapshots/prune-snapshots.ts";
import { followWorking, recordDifferences, suiteFiles } from "../../src/operations/test-support.ts";
import { Site } from "../support/site.ts";
import { failEachStep, recordSteps, type Verb } from "./fail-each-step.ts";
import { withFault } from "./faulty-disk.ts";
import { snapshots } from "./faulty-fs.ts";
import { putForeignFiles } from "./foreign-files.ts";
import { unheldObjects } from "./problems.ts";

/**
 * Makes mirrors noble and jammy, each with the snapshots "one" in production (it was "zero" before), "two" staged, and
 * "three". A later sync has changed the working mirror.
 */
async function runningSite(ids: readonly string[], extra = ""): Promise<Site> {
  const site = await Site.make({ extra });
  for (const id of ids) {
    const mirror = site.mirror(id);
    for (const [index, name] of ["zero", "one", "two", "three", "four"].entries()) {
      site.passHours(1);
      await site.addTree(id, suiteFiles(id, `2026-05-0${index + 1}T00:00:00Z`));
      if (name === "four") continue;
      await createSnapshot(mirror, { name, stage: name === "two", force: false });
      if (name === "zero" || name === "one") await publishSnapshot(mirror, name, undefined);
    }
    await mirror.working.removeOthers();
    await mirror.sweep();
  }
  putForeignFiles(site);
  return site;
}

type Run = Omit<Verb, "template"> & {
  readonly mirrors?: readonly string[];
  /** Added to the tables of noble. */
  readonly extra?: string;
  readonly prepare?: (site: Site) => unknown;
};

/** What gates found is kept only to save time, under a lock: if it cannot be written, that is a warning. */
const keepsOrWarnsOfBoth = {
  mayFail: /\/\.tests(?:\/|$)|\/locks(?:\/|$)|\.installability(?:\.next)?$/,
  mayLeave: /\.tests\/\.two\.json\.next|\.noble\.installability\.next/, // which the next one replaces
};

/** A gate that cannot read fails, and that is its verdict: no fault of the disk may make it pass. */
async function testTwo(site: Site): Promise<void> {
  const { verdict, results } = await testNamed(site.mirror("noble"), "two", {});
  if (verdict !== "passed") throw new Error(JSON.stringify(results));
}

/** Results of gates that cannot be written, for which the lock is taken apart, are a warning. */
const keepsOrWarns = { mayFail: /\/\.tests(?:\/|$)|\/locks(?:\/|$)/, mayLeave: /\.tests\/\.two\.json\.next/ };

const plain = { stage: false, force: false };
const verbs: Readonly<Record<string, Run>> = {
  create: { run: (site) => createSnapshot(site.mirror("noble"), { name: "five", ...plain }) },
  "create --force in place of what is staged": {
    run: (site) => createSnapshot(site.mirror("noble"), { name: "two", stage: true, force: true }),
    isSlow: true,
    mayLack: ["two"],
    mayHave: { "two~replacing": "two" },
  },
  stage: { run: (site) => stageSnapshot(site.mirror("noble"), "three") },
  publish: { run: (site) => publishSnapshot(site.mirror("noble"), "three", "because") },
  promote: { run: (site) => promoteSnapshots([site.mirror("noble")], {}), ...keepsOrWarns },
  "promote of two mirrors": {
    mirrors: ["noble", "jammy"],
    run: (site) => promoteSnapshots([site.mirror("noble"), site.mirror("jammy")], {}),
    ...keepsOrWarns,
  },
  rollback: { run: (site) => rollBack([site.mirror("noble")], {}) },
  "rollback of two mirrors": {
    mirrors: ["noble", "jammy"],
    run: (site) => rollBack([site.mirror("noble"), site.mirror("jammy")], {}),
  },
  test: { run: testTwo, ...keepsOrWarnsOfBoth },
  "test of what can be installed": {
    extra: "[mirrors.noble.gates]\nno_new_uninstallable = true",
    run: testTwo,
    ...keepsOrWarnsOfBoth,
  },
  approve: { run: (site) => approveSnapshot(site.mirror("noble"), { name: "two" }) },
  pin: { run: (site) => pinSnapshot(site.mirror("noble"), "three", "a ticket") },
  unpin: {
    prepare: (site) => pinSnapshot(site.mirror("noble"), "three", undefined),
    run: (site) => unpinSnapshot(site.mirror("noble"), "three"),
  },
  delete: {
    // So that a rollback goes to "one", and "zero" may be deleted.
    prepare: (site) => publishSnapshot(site.mirror("noble"), "two", undefined),
    run: (site) => deleteAll(site, ["three", "zero"], false),
    again: async (site) => deleteAll(site, await namesStillIn(site, ["three", "zero"]), false),
  },
  "delete of snapshots whose differences are recorded": {
    prepare: async (site) => {
      await publishSnapshot(site.mirror("noble"), "two", undefined);
      await recordDifferences(site.mirror("noble"));
    },
    run: (site) => deleteAll(site, ["three", "zero"], false),
    again: async (site) => deleteAll(site, await namesStillIn(site, ["three", "zero"]), false),
    watch: (site) => () => unheldObjects(site), // a deletion that was cut off makes the next one look at all
  },
  "delete --force": {
    run: (site) => deleteAll(site, ["one", "two"], true),
    again: async (site) => deleteAll(site, await namesStillIn(site, ["one", "two"]), true),
  },
  "delete --force of what a rollback goes back to": {
    run: (site) => deleteAll(site, ["zero"], true),
    again: async (site) => deleteAll(site, await namesStillIn(site, ["zero"]), true),
  },
  prune: {
    prepare: async (site) => {
      await promoteSnapshots([site.mirror("noble")], {});
      site.passHours(25);
    },
    run: (site) => pruneSnapshots(site.mirror("noble"), { keepLast: 0, dryRun: false }),
    isSlow: true,
  },
  sweep: {
    prepare: (site) => site.mirror("noble").catalog.remove("three"),
    run: (site) => site.mirror("noble").sweep(),
  },
};

async function namesStillIn(site: Site, names: readonly string[]): Promise<readonly string[]> {
  const listed = (await site.mirror("noble").catalog.list()).map(({ name }) => name);
  return names.filter((name) => listed.includes(name));
}

async function deleteAll(site: Site, names: readonly string[], force: boolean): Promise<void> {
  const { failures } = await deleteSnapshots(site.mirror("noble"), names, { force });
  for (const error of failures.values()) throw error;
}

afterAll(() => recordSteps("Failing steps of what is done with snapshots"));

test.each(Object.entries(verbs))(
  "%s survives a failure of each of its steps",
  async (_name, { mirrors = ["noble"], extra, prepare, ...verb }) => {
    await using template = await runningSite(mirrors, extra);
    await prepare?.(template);
    const { steps, problems } = await failEachStep({ ...verb, template });
    expect(problems).toEqual([]);
    expect(steps.EIO).toBeGreaterThan(3);
  },
);

test("a rollback that cannot read production says how to go back anyway", async () => {
  await using template = await runningSite(["noble"]);
  const shown = join(template.mirror("noble").layout.snapshots, "one").slice(template.directory.path.length);
  const told: unknown[] = [];
  for (let at = 1; at < 500; at++) {
    await using site = await template.copy();
    const { failed, outcome } = await withFault("unreadable", at, () => rollBack([site.mirror("noble")], {}));
    const [step] = failed;
    if (step === undefined) break;
    if (step.call.startsWith("readdir") && step.path.slice(site.directory.path.length) === shown)
      told.push("error" in outcome ? outcome.error : undefined);
  }
  expect(told).not.toEqual([]);
  for (const error of told)
    expect(error).toMatchObject({ code: "TREE_UNREADABLE", hint: expect.stringContaining('grace = "0"') });
});

/** Makes the snapshot "one". Production follows the working mirror, which a later sync has changed. */
async function siteApart(): Promise<Site> {
  snapshots.standApart = true;
  const site = await Site.make();
  const noble = site.mirror("noble");
  await site.addTree("noble", suiteFiles("noble", "2026-05-01T00:00:00Z"));
  await followWorking(noble, "production");
  await createSnapshot(noble, { name: "one", ...plain });
  site.passHours(1);
  await site.addTree("noble", suiteFiles("noble", "2026-05-02T00:00:00Z"));
  await noble.working.removeOthers();
  await noble.sweep();
  putForeignFiles(site);
  return site;
}

describe("with snapshots that are copies on another file system", () => {
  afterEach(() => {
    snapshots.standApart = false;
  });

  const verbsApart: Readonly<Record<string, Run>> = {
    create: { run: (site) => createSnapshot(site.mirror("noble"), { name: "two", ...plain }) },
    "publish in place of the working mirror": {
      run: (site) => publishSnapshot(site.mirror("noble"), "one", undefined),
    },
  };

  test.each(Object.entries(verbsApart))("%s survives a failure of each of its steps", async (_name, verb) => {
    await using template = await siteApart();
    const { steps, problems } = await failEachStep({ ...verb, template });
    expect(problems).toEqual([]);
    expect(steps.EIO).toBeGreaterThan(3);
  });
});
