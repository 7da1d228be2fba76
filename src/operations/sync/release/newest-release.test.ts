import { describe, expect, onTestFinished, test } from "vitest";
import { createSigningKey } from "../../../../test/support/index.ts";
import { type OtherUpstream, openMirror, type SyncedMirror } from "../test-support.ts";

const day = (number: number): Date => new Date(Date.UTC(2026, 9, number));

/** Publishes what an upstream has on a day of October: the package `tool`, with the day as its version. */
async function publish({ upstream }: Pick<OtherUpstream, "upstream">, number: number): Promise<void> {
  upstream.suite("stable").addPackage("tool", `${number}.0`);
  await upstream.publish({ date: day(number) });
}

/** A mirror of several URLs, each with the state of the given day; undefined: nothing. */
async function openMirrors(first: number, ...others: readonly (number | undefined)[]): Promise<SyncedMirror> {
  const mirror = await openMirror(["stable"], { otherUrls: others.length });
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  await publish(mirror, first);
  for (const [index, number] of others.entries()) {
    const other = mirror.others[index];
    if (other !== undefined && number !== undefined) await publish(other, number);
  }
  return mirror;
}

/** Of what is shown; older versions may be carried beside it. */
const newestIn = async (mirror: SyncedMirror): Promise<number> =>
  Math.max(...[...(await mirror.tree()).keys()].map((path) => Number(/tool_(\d+)\.0_/.exec(path)?.[1] ?? 0)));

const askedOf = ({ server }: Pick<OtherUpstream, "server">): readonly string[] =>
  server.requests.map(({ path, status }) => `${status} ${path}`);

const inRelease = "/dists/stable/InRelease";

function clear(mirror: SyncedMirror): void {
  for (const { server } of [mirror, ...mirror.others]) server.clearRequests();
}

function otherOf(mirror: SyncedMirror, index = 0): OtherUpstream {
  const other = mirror.others[index];
  if (other === undefined) throw new Error("the mirror has no such URL");
  return other;
}

/** Takes the first URL back to an earlier day. */
async function goBack(mirror: SyncedMirror, number: number): Promise<void> {
  mirror.upstream.suite("stable").removePackage("tool");
  await publish(mirror, number);
}

describe("a first URL with an older Release than the held one", () => {
  test("gives way to the newest of the others that verifies", async () => {
    const mirror = await openMirrors(5, 6, 8, 7);
    await mirror.sync();
    await goBack(mirror, 3);
    const { outcome, said } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "synced", unchanged: false });
    expect(await newestIn(mirror)).toBe(8);
    expect(said).toMatch(
      /127\.0\.0\.1:\d+\/: dists\/stable\/InRelease: the Release of .* is older than the one held/,
    );
    expect(said).toContain(
      `Taking the Release of stable of 2026-10-08 00:00:00 UTC from ${otherOf(mirror, 1).server.url}/`,
    );
  });

  test("is not asked for indices and packages either", async () => {
    const mirror = await openMirrors(5, 6);
    await mirror.sync();
    await goBack(mirror, 3);
    clear(mirror);
    await mirror.sync();
    expect(new Set(askedOf(mirror))).toEqual(new Set([`200 ${inRelease}`]));
    expect(askedOf(otherOf(mirror)).filter((line) => line.includes("tool_6.0"))).toHaveLength(1);
  });

  test("changes nothing if the others have nothing newer", async () => {
    const mirror = await openMirrors(5, 5);
    await mirror.sync();
    await goBack(mirror, 3);
    const { outcome, said } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "synced", unchanged: true });
    expect(said).toContain("is older than the one held");
    expect(await newestIn(mirror)).toBe(5);
  });

  test("fails the sync if the others are older too, absent or damaged", async () => {
    const mirror = await openMirrors(5, 4, undefined, 9);
    await mirror.sync();
    await goBack(mirror, 3);
    otherOf(mirror, 2).upstream.corrupt("dists/stable/InRelease");
    const { outcome, said } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "RELEASE_OLDER" } });
    for (const { server } of [mirror, ...mirror.others]) expect(said).toContain(`${server.url}/: `);
    expect(await newestIn(mirror)).toBe(5);
  });

  test("does not hide the next Release of another, even without ETags", async () => {
    const mirror = await openMirrors(5, 6);
    await mirror.sync();
    await goBack(mirror, 3);
    await mirror.sync();
    // By date, the older file of the first is not modified since the held one.
    clear(mirror);
    await publish(otherOf(mirror), 7);
    await mirror.sync();
    const [request] = mirror.server.requests;
    expect(request?.headers).not.toHaveProperty("if-modified-since");
    expect(request?.headers).not.toHaveProperty("if-none-match");
    expect(await newestIn(mirror)).toBe(7);
  });

  test("costs an InRelease and a conditional request if nothing is new elsewhere", async () => {
    const mirror = await openMirrors(5, 6);
    await mirror.sync();
    await goBack(mirror, 3);
    await mirror.sync();
    clear(mirror);
    const { outcome } = await mirror.sync();
    expect(outcome).toMatchObject({ unchanged: true });
    expect(new Set(askedOf(mirror))).toEqual(new Set([`200 ${inRelease}`]));
    expect(askedOf(otherOf(mirror))).toEqual([`304 ${inRelease}`]);
  });

  test("is asked conditionally again when it has caught up", async () => {
    const mirror = await openMirrors(5, 6);
    await mirror.sync();
    await goBack(mirror, 3);
    await mirror.sync();
    await publish(mirror, 8);
    await mirror.sync();
    expect(await newestIn(mirror)).toBe(8);
    clear(mirror);
    await mirror.sync();
    expect(askedOf(mirror)).toEqual([`304 ${inRelease}`]);
    expect(askedOf(otherOf(mirror))).toEqual([]);
  });
});

describe("a first URL with a Release", () => {
  test("that is newer than the held one is taken, whatever the others have", async () => {
    const mirror = await openMirrors(5, 9);
    await mirror.sync();
    expect(await newestIn(mirror)).toBe(5);
    expect(askedOf(otherOf(mirror))).toEqual([]);
  });

  test.each([
    [
      "whose signature does not fit",
      (mirror: SyncedMirror) => mirror.upstream.corrupt("dists/stable/InRelease"),
    ],
    ["that is a page", (mirror: SyncedMirror) => mirror.server.fault({ path: inRelease, html: true })],
  ])("%s is replaced by that of another", async (_what, spoil) => {
    const mirror = await openMirrors(5, 6);
    spoil(mirror);
    await mirror.sync();
    expect(await newestIn(mirror)).toBe(6);
  });

  test("that has expired is replaced by that of another", async () => {
    const mirror = await openMirror(["stable"], { otherUrls: 1 });
    onTestFinished(() => mirror[Symbol.asyncDispose]());
    mirror.upstream.suite("stable", { validUntil: day(6) });
    await publish(mirror, 5);
    await publish(otherOf(mirror), 4);
    await mirror.sync();
    expect(await newestIn(mirror)).toBe(4);
  });

  test("with a detached signature, and older, is replaced by that of another", async () => {
    const mirror = await openMirror(["stable"], { otherUrls: 1 });
    onTestFinished(() => mirror[Symbol.asyncDispose]());
    for (const { upstream } of [mirror, otherOf(mirror)])
      upstream.suite("stable", { signatures: "detached" });
    await publish(mirror, 5);
    await publish(otherOf(mirror), 6);
    await mirror.sync();
    await goBack(mirror, 3);
    await mirror.sync();
    expect(await newestIn(mirror)).toBe(6);
  });

  test("signed by another key is an error", async () => {
    const mirror = await openMirrors(5, 6);
    mirror.trust((await createSigningKey()).publicKeyArmored);
    const { outcome } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "SIGNER_UNKNOWN" } });
    expect(askedOf(otherOf(mirror))).toEqual([]);
  });
});

test("a wrong password at another URL ends the sync", async () => {
  const mirror = await openMirrors(5, 6);
  await mirror.sync();
  await goBack(mirror, 3);
  otherOf(mirror).server.fault({ path: /.*/, status: 401 });
  const { outcome } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "failed", error: { code: "UNAUTHORIZED" } });
});
