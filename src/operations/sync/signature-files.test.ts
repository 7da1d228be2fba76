/** Which of InRelease, Release and Release.gpg a mirror has, depending on what upstream has and when. */
import { readFileSync, statSync, utimesSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const directory = "dists/stable";
const names = ["InRelease", "Release", "Release.gpg"] as const;
type Name = (typeof names)[number];

/** A mirror, not yet synced, of an upstream with one package. */
async function openUpstream(signatures: "all" | "inline" | "detached" = "all"): Promise<SyncedMirror> {
  const mirror = await openMirror();
  mirror.upstream
    .suite("stable", { compressions: ["gz"], acquireByHash: false, signatures })
    .addPackage("hello", "1.0-1");
  await mirror.upstream.publish();
  return mirror;
}

const upstreamBytes = ({ upstream }: SyncedMirror, name: Name): Buffer =>
  readFileSync(upstream.path(`${directory}/${name}`));
const releaseText = (mirror: SyncedMirror): string => upstreamBytes(mirror, "Release").toString("latin1");

/** Replaces a file, or removes it if `text` is undefined. */
function replace({ upstream }: SyncedMirror, name: Name, content: string | Uint8Array | undefined): void {
  if (content === undefined) upstream.remove(`${directory}/${name}`);
  else upstream.rewrite(`${directory}/${name}`, content);
}

async function namesInMirror(mirror: SyncedMirror): Promise<readonly Name[]> {
  const tree = await mirror.tree();
  return names.filter((name) => tree.has(`${directory}/${name}`));
}

/** Syncs, and expects success and upstream's bytes. Returns the files of the mirror and the messages. */
async function synced(mirror: SyncedMirror, extra = "") {
  const { outcome, said, asked } = await mirror.sync({ extra });
  expect(said).not.toContain("Sync failed");
  const found = await namesInMirror(mirror);
  const live = `${mirror.dir}/m/.live/${directory}`;
  const differing = found.filter(
    (name) => !readFileSync(`${live}/${name}`).equals(upstreamBytes(mirror, name)),
  );
  expect(differing).toEqual([]);
  return { outcome, said, asked, found };
}

const binary = (armored: Buffer): Buffer =>
  Buffer.from(/\n\n([\s\S]*?)\n=/.exec(armored.toString())?.[1] ?? "", "base64");

const withoutChecks = "no_pgp_check = true\n";
const html = "<!DOCTYPE html>\n<title>Not found</title>\n";

describe("beside an InRelease", () => {
  test("Release and Release.gpg are kept as they are", async () => {
    const { found, said } = await synced(await openUpstream());
    expect(found).toEqual(names);
    expect(said).not.toMatch(/left out/);
  });

  test.each([
    ["is missing", () => undefined, ""],
    ["is binary, which apt refuses", binary, "Release.gpg is left out: Release.gpg is a binary signature"],
    ["is a page of HTML", () => html, "Release.gpg is left out: "],
  ])("a Release with the same text is kept although its Release.gpg %s", async (_, gpgOf, says) => {
    const mirror = await openUpstream();
    replace(mirror, "Release.gpg", gpgOf(upstreamBytes(mirror, "Release.gpg")));
    const { found, said } = await synced(mirror);
    expect(found).toEqual(["InRelease", "Release"]);
    expect(said).toContain(says);
  });

  test.each([
    ["is missing", false],
    ["does not fit", true],
  ])("a Release with another text is left out if its Release.gpg %s", async (_, hasGpg) => {
    const mirror = await openUpstream();
    replace(mirror, "Release", releaseText(mirror).replace("Label: Fake", "Label: Other"));
    if (!hasGpg) replace(mirror, "Release.gpg", undefined);
    const { found, said } = await synced(mirror);
    expect(found).toEqual(["InRelease"]);
    expect(said).toMatch(/dists\/stable\/Release\S* .*not agree with InRelease/);
  });

  test.each(["Release", "Release.gpg"])("a %s that the server fails to send is left out", async (name) => {
    const mirror = await openUpstream();
    mirror.server.fault({ path: `/${directory}/${name}`, status: 501 });
    const { found, said } = await synced(mirror);
    expect(found).toEqual(["InRelease"]);
    expect(said).toMatch(/Release and Release\.gpg are left out: GET \S+: the server answers 501/);
  });

  test("a page instead of a Release is left out without a signature check too", async () => {
    const mirror = await openUpstream();
    for (const name of ["Release", "Release.gpg"] as const) replace(mirror, name, html);
    const { found, said } = await synced(mirror, withoutChecks);
    expect(found).toEqual(["InRelease"]);
    expect(said).toContain("do not agree with InRelease");
  });

  test.each([
    ["by the next sync", ""],
    ["after the configuration was changed", "contents = false\n"],
  ])("a pair that follows its InRelease later is taken %s", async (_, change) => {
    const mirror = await openUpstream();
    const pair = ["Release", "Release.gpg"] as const;
    const earlier = pair.map((name) => [name, upstreamBytes(mirror, name)] as const);
    mirror.upstream.suite("stable").addPackage("newcomer", "1.0-1");
    await mirror.upstream.publish();
    const later = pair.map((name) => [name, upstreamBytes(mirror, name)] as const);
    for (const [name, bytes] of earlier) replace(mirror, name, bytes);
    expect((await synced(mirror)).found).toEqual(["InRelease"]);
    expect(await synced(mirror)).toMatchObject({ found: ["InRelease"], outcome: { unchanged: true } });

    for (const [name, bytes] of later) replace(mirror, name, bytes);
    expect(await synced(mirror, change)).toMatchObject({ found: names, outcome: { fetchedFiles: 0 } });
    const { asked, outcome } = await synced(mirror, change);
    expect(asked).toEqual([`/${directory}/InRelease`]);
    expect(outcome).toMatchObject({ unchanged: true });
    const { asked: askedAfterChange } = await synced(mirror, "dep11 = false\n");
    expect(askedAfterChange.filter((path) => path.startsWith(`/${directory}/Release`))).toEqual([]);
  });
});

test.each([
  ["403", { status: 403 }, "the server forbids it (403)"],
  ["501", { status: 501 }, "the server answers 501 Not Implemented"],
  ["a page of HTML", { html: true }, 'it starts with "<!DOCTYPE html>"'],
  ["no bytes", { status: 200, body: "" }, "not a clearsigned file: it is empty"],
  [
    "unsigned text",
    { status: 200, body: "Suite: stable\nSHA256:\n" },
    'not a clearsigned file: it starts with "Suite: stable"',
  ],
] as const)("an InRelease that is %s is a failure, without a look at Release", async (_, fault, says) => {
  const mirror = await openUpstream();
  mirror.server.fault({ path: `/${directory}/InRelease`, ...fault });
  const { outcome, said, asked } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "failed" });
  expect(said).toContain(says);
  expect(new Set(asked)).toEqual(new Set([`/${directory}/InRelease`]));
  await expect(mirror.tree()).rejects.toThrow("ENOENT");
});

test("gives a new InRelease a later time than the one that it replaces", async () => {
  const mirror = await openUpstream();
  const timesOf = () => names.map((name) => statSync(`${mirror.dir}/m/.live/${directory}/${name}`).mtimeMs);
  await synced(mirror);
  const before = timesOf();
  mirror.upstream.suite("stable").addPackage("newcomer", "1.0-1");
  await mirror.upstream.publish();
  const old = new Date("2020-01-01T00:00:00Z");
  for (const name of names) utimesSync(mirror.upstream.path(`${directory}/${name}`), old, old);
  expect((await synced(mirror)).outcome).toMatchObject({ unchanged: false });
  expect(timesOf()).toEqual(before.map((time) => time + 1000));
});

test("two names of one directory are one suite", async () => {
  const mirror = await openMirror(["/", "./"]);
  mirror.upstream.suite("/", { compressions: ["gz"] }).addPackage("hello", "1.0-1");
  await mirror.upstream.publish();
  const { outcome, asked } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "synced" });
  expect(asked.filter((path) => path === "/InRelease")).toHaveLength(1);
});

describe("without an InRelease", () => {
  test.each([404, 410])("(%d) Release and Release.gpg take its place", async (status) => {
    const mirror = await openUpstream();
    mirror.server.fault({ path: `/${directory}/InRelease`, status });
    expect((await synced(mirror)).found).toEqual(["Release", "Release.gpg"]);
  });

  test("a new signature of the same Release replaces the old one", async () => {
    const mirror = await openUpstream("detached");
    await synced(mirror);
    const date = new Date();
    replace(mirror, "Release.gpg", await mirror.key.detachSign(releaseText(mirror), { date }));
    expect(await synced(mirror)).toMatchObject({
      found: ["Release", "Release.gpg"],
      outcome: { unchanged: false, fetchedFiles: 0 },
    });
    expect((await synced(mirror)).outcome).toMatchObject({ unchanged: true });
  });

  test("an earlier one is removed, as upstream removed it", async () => {
    const mirror = await openUpstream();
    await synced(mirror);
    replace(mirror, "InRelease", undefined);
    expect((await synced(mirror)).found).toEqual(["Release", "Release.gpg"]);
  });

  test("a Release with an older Release.gpg is read again", async () => {
    const mirror = await openUpstream("detached");
    const earlier = upstreamBytes(mirror, "Release.gpg");
    mirror.upstream.suite("stable").addPackage("newcomer", "1.0-1");
    await mirror.upstream.publish();
    const later = upstreamBytes(mirror, "Release.gpg");
    replace(mirror, "Release.gpg", earlier);
    mirror.server.fault({
      path: `/${directory}/Release.gpg`,
      times: 2,
      before: () => replace(mirror, "Release.gpg", mirror.server.requests.length > 3 ? later : earlier),
    });
    expect((await synced(mirror)).found).toEqual(["Release", "Release.gpg"]);
  });

  test("a signature that stays wrong is refused after a second attempt", async () => {
    const mirror = await openUpstream("detached");
    replace(mirror, "Release", releaseText(mirror).replace("Label: Fake", "Label: Evil"));
    const { outcome, said, asked } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(said).toContain("invalid signature");
    expect(asked.map((path) => path.slice(directory.length + 2))).toEqual([
      ...names,
      "Release",
      "Release.gpg",
    ]);
  });

  test("a binary Release.gpg is refused, since apt refuses it", async () => {
    const mirror = await openUpstream("detached");
    replace(mirror, "Release.gpg", binary(upstreamBytes(mirror, "Release.gpg")));
    const { outcome, said } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(said).toContain("Release.gpg is a binary signature, expected ASCII armor");
    expect(said).toContain("apt refuses such a repository too");
  });

  test.each([
    ["binary", binary],
    ["a page of HTML", () => html],
  ])("a Release.gpg that is %s is left out without a signature check", async (_, gpgOf) => {
    const mirror = await openUpstream("detached");
    replace(mirror, "Release.gpg", gpgOf(upstreamBytes(mirror, "Release.gpg")));
    const { found, said } = await synced(mirror, withoutChecks);
    expect(found).toEqual(["Release"]);
    expect(said).toContain(`${directory}/Release.gpg is not ASCII armor and is left out`);
  });

  test.each([
    ["Release", /\/(?:In)?Release(?:\.gpg)?$/, "neither dists/stable/InRelease nor Release"],
    ["Release.gpg", /\/(?:InRelease|Release\.gpg)$/, "neither InRelease nor Release.gpg"],
  ])("and without a %s, the sync fails", async (_, path, says) => {
    const mirror = await openUpstream();
    mirror.server.fault({ path, status: 404 });
    const { outcome, said } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(said).toContain(says);
  });

  test("and without a Release, the URL and the next steps are shown", async () => {
    const mirror = await openUpstream();
    mirror.server.fault({ path: /\/(?:In)?Release(?:\.gpg)?$/, status: 410 });
    const { outcome } = await mirror.sync();
    expect(outcome).toMatchObject({
      error: {
        message: expect.stringContaining(`nor Release\nGET ${mirror.server.url}/${directory}/InRelease: 410`),
        hint: expect.stringMatching(
          /without any Release.* cannot be mirrored: .*reprepro, aptly or apt-ftparchive/,
        ),
      },
    });
  });

  test.each(["Release", "Release.gpg"] as const)("a %s that the server forbids is named", async (name) => {
    const mirror = await openUpstream("detached");
    mirror.server.fault({ path: `/${directory}/${name}`, status: 403 });
    const { outcome, said } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(said).toContain(`/${directory}/${name}: the server forbids it (403)`);
  });
});

test.each([
  ["Release.gpg", 1_000_000],
  ["Release", 10_000_000],
  ["InRelease", 10_000_000],
] as const)("%s of more than %d bytes is not taken", async (name, sizeBytes) => {
  const mirror = await openUpstream("detached");
  replace(mirror, name, Buffer.alloc(sizeBytes + 1, "x"));
  const { outcome, said } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "failed" });
  expect(said).toContain(`expected at most ${sizeBytes}`);
});
