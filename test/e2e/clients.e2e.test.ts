/** The real apt in private roots: what it accepts of trees, and that it leaves the apt of this machine alone. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Apt, type AptSource, type AptTrust, openApt } from "../../src/clients/index.ts";
import { openPrograms } from "../../src/platform/machine/programs.ts";
import { parseRelease, Suite } from "../../src/repository/index.ts";
import { aptOnPath } from "../support/apt-programs.ts";
import { createHost } from "../support/host.ts";
import {
  type AptKind,
  aptKinds,
  createSigningKey,
  type FakeSuite,
  fakeUpstream,
  type SuiteOptions,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../support/index.ts";

const fromNow = (days: number): Date => new Date(Date.now() + days * 86_400_000);
const platform = { architecture: "amd64", foreign: [], variant: undefined };

interface Case {
  readonly suite: string;
  readonly options?: SuiteOptions;
  /** Each key has a mirror of its name. Default: "good_one". */
  readonly signer?: keyof typeof keys;
  /** What the mirror accepts, so that its clients do too. */
  readonly accepts?: "expired" | "future" | "weak" | "any-signature" | "expired-keys";
  /** What apt says if the mirror does not accept it. Default: nothing. */
  readonly otherwise?: RegExp;
  /** Only this kind complains; the others check whether a key was valid when it signed. */
  readonly kind?: AptKind;
}

const cases: readonly Case[] = [
  { suite: "good" },
  { suite: "some_flat/" },
  { suite: "plain", options: { compressions: [] } },
  { suite: "detached", options: { signatures: "detached" } },
  { suite: "undated", options: { extraReleaseFields: { Date: "" } } },
  { suite: "renamed", options: { extraReleaseFields: { Suite: "a", Codename: "b" } } },
  {
    suite: "expired",
    options: { validUntil: fromNow(-1) },
    accepts: "expired",
    otherwise: /^E: Release file for good_one\/dists\/expired\/InRelease is expired/m,
  },
  {
    suite: "future",
    options: { date: fromNow(1) },
    accepts: "future",
    otherwise: /^E: Release file for good_one\/dists\/future\/InRelease is not valid yet/m,
  },
  {
    suite: "weak",
    options: { digests: ["MD5Sum"] },
    accepts: "weak",
    otherwise: /^E: The repository 'good_one weak InRelease' provides only weak security information/m,
  },
  {
    suite: "unknown",
    signer: "stranger",
    accepts: "any-signature",
    otherwise: /^E: The repository 'stranger unknown InRelease' is not signed/m,
  },
  {
    suite: "unsigned",
    options: { signatures: "none" },
    signer: "stranger",
    accepts: "any-signature",
    otherwise: /^E: The repository 'stranger unsigned Release' is not signed/m,
  },
  {
    suite: "old-key",
    options: { date: fromNow(-3) },
    signer: "retired",
    accepts: "expired-keys",
    otherwise: /^E: The repository 'retired old-key InRelease' is not signed/m,
    kind: "host",
  },
];

const keys = {
  good_one: await createSigningKey(),
  stranger: await createSigningKey(),
  retired: await createSigningKey({ expiresAt: fromNow(-1) }),
};

let directory: TemporaryDirectory;

beforeAll(async () => {
  directory = await temporaryDirectory();
  for (const [signer, key] of Object.entries(keys)) {
    const upstream = await fakeUpstream({ dir: directory.join(signer), signedBy: key });
    for (const one of cases.filter((candidate) => signerOf(candidate) === signer))
      addPackages(upstream.suite(one.suite, one.options), one.suite);
    await upstream.publish();
  }
});
afterAll(() => directory[Symbol.asyncDispose]());

const signerOf = ({ signer = "good_one" }: Case): keyof typeof keys => signer;

/** In "good": what an upgrade installs, keeps back, removes or would have to downgrade. */
function addPackages(suite: FakeSuite, name: string): void {
  if (name !== "good") suite.addPackage("other", "1.0-1");
  else
    suite
      .addPackage("hello", "2.0-1", { fields: { Depends: "libhello (>= 2)" } })
      .addPackage("libhello", "2.0-1")
      .addPackage("stuck", "2.0-1", { fields: { Depends: "nowhere" } })
      .addPackage("newer", "1.0-1")
      .addPackage("phased", "2.0-1", { fields: { "Phased-Update-Percentage": "0" } });
}

/** Returns a source of the suite that accepts what the case says, or nothing but good keys. */
function sourceOf(one: Case, isAccepting: boolean): AptSource {
  const suite = new Suite(one.suite);
  const signer = signerOf(one);
  const tree = directory.join(signer);
  const [inRelease, release] = [`${tree}/${suite.root}/InRelease`, `${tree}/${suite.root}/Release`];
  const has = (what: Case["accepts"]): boolean => isAccepting && one.accepts === what;
  const trusted = signer === "stranger" ? keys.good_one : keys[signer];
  const trust: AptTrust = has("any-signature")
    ? { kind: "unchecked" }
    : {
        kind: "keys",
        keys: trusted.publicKeyBinary,
        fingerprints: [trusted.fingerprint],
        mayHaveExpired: has("expired-keys"),
      };
  return {
    mirror: signer,
    tree,
    suite,
    release: parseRelease(readFileSync(release, "latin1"), release),
    hasInRelease: existsSync(inRelease),
    components: suite.isFlat ? [] : ["main"],
    architectures: undefined,
    withSources: false,
    withTranslations: true,
    trust,
    leftOut: [],
    accepts: { expired: has("expired"), future: has("future"), weak: has("weak") },
  };
}

const never = new AbortController().signal;

const openOn = (path: string, tempDir: string, signal = never): Apt => {
  mkdirSync(tempDir, { recursive: true });
  return openApt({
    programs: openPrograms(path, { signal, signalGroup: createHost().signalGroup }),
    tempDir,
  });
};

const sources = (isAccepting: boolean, suites = cases.map(({ suite }) => suite)): readonly AptSource[] =>
  cases.filter(({ suite }) => suites.includes(suite)).map((one) => sourceOf(one, isAccepting));

describe.each(aptKinds)("the apt of %s", (kind) => {
  let path: string;
  let tempDir: string;
  beforeAll(async () => {
    tempDir = directory.join(kind, "roots");
    path = await aptOnPath(kind, directory.join(kind, "bin"));
  });

  test("accepts what the mirror accepted", async () => {
    await using machine = await openOn(path, tempDir).openMachine(platform, sources(true));
    expect(await machine.update()).toEqual([]);
  });

  test("complains of everything else", async () => {
    await using machine = await openOn(path, tempDir).openMachine(platform, sources(false));
    const complaints = (await machine.update()).join("\n");
    const refused = cases.filter(
      ({ otherwise, kind: only = kind }) => otherwise !== undefined && only === kind,
    );
    for (const { otherwise } of refused) expect(complaints).toMatch(otherwise ?? "");
    const others = cases.filter((one) => !refused.includes(one)).map(({ suite }) => suite);
    expect(others.filter((suite) => new RegExp(`\\b${suite}\\b`).test(complaints))).toEqual([]);
    expect(complaints).not.toContain(tempDir);
  });

  test("says what it would install and upgrade, and why not", async () => {
    await using machine = await openOn(path, tempDir).openMachine(platform, sources(true, ["good"]));
    expect(await machine.update()).toEqual([]);
    expect(await machine.simulateInstall(["hello"])).toEqual({
      isSolved: true,
      changes: [
        { name: "libhello", from: undefined, to: "2.0-1" },
        { name: "hello", from: undefined, to: "2.0-1" },
      ],
      keptBack: [],
      complaints: [],
    });
    const unmet = await machine.simulateInstall(["hello", "stuck"]);
    expect(unmet.isSolved).toBe(false);
    expect(unmet.complaints.join("\n")).toMatch(/stuck.*Depends:? nowhere/);
    expect((await machine.simulateInstall(["hel.o"])).complaints).toEqual([
      "E: Unable to locate package hel.o",
      "E: Couldn't find any package by glob 'hel.o'",
    ]);

    machine.setInstalled({ status: Buffer.from(installed), extendedStates: undefined });
    const { changes, keptBack } = await machine.simulateUpgrade();
    expect(changes.map(({ name, from, to }) => `${name} ${from} ${to}`).toSorted()).toEqual([
      "hello 1.0-1 2.0-1",
      "libhello undefined 2.0-1",
      "phased 1.0-1 2.0-1",
    ]);
    expect(keptBack).toEqual(["stuck"]);
    expect(Object.fromEntries(await machine.offers(["hello", "newer", "missing"]))).toEqual({
      hello: ["2.0-1"],
      newer: ["1.0-1"],
    });
  });

  test("neither reads nor changes the apt of its machine, and leaves nothing", async () => {
    const trace = directory.join(kind, "trace");
    const through = [
      "strace",
      "-f",
      "--seccomp-bpf",
      "--quiet=all",
      "--trace=%file,connect",
      "-A",
      `--output=${trace}`,
    ];
    const traced = await aptOnPath(kind, directory.join(kind, "traced"), through);
    {
      await using machine = await openOn(traced, tempDir).openMachine(platform, sources(true, ["good"]));
      await machine.update();
      await machine.simulateInstall(["hello"]);
      await machine.simulateUpgrade();
      await machine.offers(["hello"]);
    }
    const calls = readFileSync(trace, "utf8").split("\n");
    expect(calls.length).toBeGreaterThan(500);
    const touched = /"\/(?:etc|var\/(?:lib|cache|log))\/(?:apt|dpkg)[/"]|AF_INET/;
    expect(calls.filter((call) => touched.test(call))).toEqual([]);
    expect(readdirSync(tempDir)).toEqual([]);
  });
});

const installed = ["hello 1.0-1", "stuck 1.0-1", "newer 9.0-1", "phased 1.0-1"]
  .map((text) => text.split(" "))
  .map(
    ([name, version]) => `Package: ${name}
Status: install ok installed
Priority: optional
Maintainer: A <a@example.org>
Architecture: amd64
Version: ${version}
Description: a package
`,
  )
  .join("\n");
