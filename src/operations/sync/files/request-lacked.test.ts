import { readFileSync, readlinkSync, utimesSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { openMirror, type SyncedMirror } from "../test-support.ts";

const extra = "allow_missing = true\n";
const pathOf = (name: string): string => `pool/main/${name[0]}/${name}/${name}_1.0_amd64.deb`;
const bad = pathOf("bad");

/** An upstream that lists these packages. */
async function openListing(...names: readonly string[]): Promise<SyncedMirror> {
  const mirror = await openMirror();
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  for (const name of names) mirror.upstream.suite("stable").addPackage(name, "1.0");
  await mirror.upstream.publish({ date: new Date("2026-10-01T00:00:00Z") });
  return mirror;
}

/** The answers to requests for a package of the latest sync. */
const answersFor = ({ server }: SyncedMirror, path = bad) =>
  server.requests.filter((request) => request.path === `/${path}`).map(({ status }) => status);

const tree = ({ dir }: SyncedMirror): string => readlinkSync(`${dir}/m/.live`);

interface State {
  readonly lacking?: readonly { readonly sent?: object }[];
  readonly lacksFiles?: boolean;
}

const statePath = ({ dir }: SyncedMirror): string => `${dir}/.mirrorctl/state/m.json`;
const readState = (mirror: SyncedMirror): State => JSON.parse(readFileSync(statePath(mirror), "utf8"));

/** Servers with wrong bytes of a package, and what they answer when they are asked again. */
const servers: Readonly<Record<string, (mirror: SyncedMirror) => RequestListener | undefined>> = {
  "knows ETag and Last-Modified": () => undefined,
  "knows Last-Modified alone":
    ({ upstream }) =>
    (request, response) => {
      const date = new Date(1_700_000_000_000).toUTCString();
      const isKnown = request.headers["if-modified-since"] === date;
      response.writeHead(isKnown ? 304 : 200, { "Last-Modified": date });
      response.end(isKnown ? undefined : readFileSync(upstream.path(bad)));
    },
  "knows no conditional requests": ({ upstream }) => {
    let isFirstSync = 2; // with the request past the caches
    return (_request, response) => {
      response.writeHead(200, { ETag: '"x"' });
      response.flushHeaders();
      // The body that has been refused is not sent again.
      if (isFirstSync-- > 0) response.end(readFileSync(upstream.path(bad)));
    };
  },
  "sends no validators":
    ({ upstream }) =>
    (_request, response) =>
      response.writeHead(200).end(readFileSync(upstream.path(bad))),
};

describe("a package with other bytes upstream, with allow_missing", () => {
  test.each(Object.entries(servers))(
    "costs one request at the next sync: the server %s",
    async (_kind, respond) => {
      const mirror = await openListing("bad", "good");
      mirror.upstream.corrupt(bad);
      const listener = respond(mirror);
      if (listener !== undefined) mirror.server.fault({ path: `/${bad}`, respond: listener });
      const first = await mirror.sync({ extra });
      expect(first.outcome).toMatchObject({ unchanged: false, missing: [{ path: bad }] });
      const before = tree(mirror);
      const { outcome, said, asked } = await mirror.sync({ extra });
      expect(asked).toEqual(["/dists/stable/InRelease", `/${bad}`]);
      expect(outcome).toMatchObject({
        unchanged: true,
        missing: first.outcome.kind === "synced" ? first.outcome.missing : [],
      });
      expect(said).toContain("Nothing new upstream for m");
      expect(said).toContain("published without them, because allow_missing is set");
      expect(tree(mirror)).toBe(before);
    },
  );

  test("is downloaded when upstream has it as listed, under the same Release", async () => {
    const mirror = await openListing("bad", "good");
    const right = readFileSync(mirror.upstream.path(bad));
    mirror.upstream.corrupt(bad);
    utimesSync(mirror.upstream.path(bad), 1, 1);
    await mirror.sync({ extra });
    mirror.upstream.rewrite(bad, right);
    const { outcome } = await mirror.sync({ extra });
    expect(outcome).toMatchObject({
      unchanged: false,
      fetchedFiles: 1,
      fetchedBytes: right.length,
      missing: [],
    });
    expect(answersFor(mirror)).toEqual([200]);
    expect((await mirror.tree()).has(bad)).toBe(true);
    expect(readState(mirror)).not.toHaveProperty("lacking");
    const last = await mirror.sync({ extra });
    expect(last.asked).toEqual(["/dists/stable/InRelease"]);
  });

  test("is downloaded again if the wrong bytes are others, and then known", async () => {
    const mirror = await openListing("bad", "good");
    mirror.upstream.corrupt(bad);
    utimesSync(mirror.upstream.path(bad), 1, 1);
    await mirror.sync({ extra });
    utimesSync(mirror.upstream.path(bad), 2, 2);
    const before = tree(mirror);
    expect((await mirror.sync({ extra })).outcome).toMatchObject({ unchanged: true });
    expect(answersFor(mirror)).toEqual([200]);
    await mirror.sync({ extra });
    expect(answersFor(mirror)).toEqual([304]);
    expect(tree(mirror)).toBe(before);
  });

  test("is requested in full under another Release, which may list its bytes", async () => {
    const mirror = await openListing("bad", "good");
    const right = readFileSync(mirror.upstream.path(bad));
    mirror.upstream.corrupt(bad);
    utimesSync(mirror.upstream.path(bad), 1, 1);
    await mirror.sync({ extra });
    mirror.upstream.suite("stable").addPackage("new", "1.0");
    await mirror.upstream.publish();
    mirror.upstream.rewrite(bad, right);
    utimesSync(mirror.upstream.path(bad), 1, 1); // as before, to judge by what the server says
    expect((await mirror.sync({ extra })).outcome).toMatchObject({ missing: [] });
    expect((await mirror.tree()).has(bad)).toBe(true);
  });
});

describe("of several files that upstream lacks, with allow_missing", () => {
  const gone = pathOf("gone");
  const long = pathOf("long");

  /** One with other bytes, one that is absent, and one of another size. */
  async function openLacking(): Promise<{ mirror: SyncedMirror; right: (path: string) => Buffer }> {
    const mirror = await openListing("bad", "gone", "long", "good");
    const bytes = new Map([bad, gone, long].map((path) => [path, readFileSync(mirror.upstream.path(path))]));
    mirror.upstream.corrupt(bad);
    mirror.upstream.remove(gone);
    mirror.upstream.rewrite(long, "too short");
    await mirror.sync({ extra });
    return { mirror, right: (path) => bytes.get(path) ?? Buffer.alloc(0) };
  }

  test("each is requested once", async () => {
    const { mirror } = await openLacking();
    const { outcome, asked } = await mirror.sync({ extra });
    expect(asked.toSorted()).toEqual(["/dists/stable/InRelease", `/${bad}`, `/${gone}`, `/${long}`]);
    expect(outcome).toMatchObject({ unchanged: true, missing: { length: 3 } });
    expect([bad, gone].map((path) => answersFor(mirror, path))).toEqual([[304], [404]]);
  });

  test("those that come are in the next tree, and no other is requested twice", async () => {
    const { mirror, right } = await openLacking();
    mirror.upstream.rewrite(gone, right(gone));
    const { outcome, said } = await mirror.sync({ extra });
    expect(outcome).toMatchObject({ unchanged: false, fetchedFiles: 1, missing: { length: 2 } });
    expect([bad, gone, long].map((path) => answersFor(mirror, path).length)).toEqual([1, 1, 1]);
    expect(said).toContain("upstream lists 2 files that it does not have as listed");
    const files = await mirror.tree();
    expect([bad, gone, long].map((path) => files.has(path))).toEqual([false, true, false]);
    expect(readState(mirror).lacking).toHaveLength(2);
    mirror.upstream.rewrite(long, right(long));
    expect((await mirror.sync({ extra })).outcome).toMatchObject({ fetchedFiles: 1, missing: { length: 1 } });
  });

  test("an upstream that does not answer fails the sync, and the tree stays", async () => {
    const { mirror } = await openLacking();
    const before = tree(mirror);
    mirror.server.fault({ path: `/${gone}`, status: 400 });
    const { outcome, said } = await mirror.sync({ extra });
    expect(outcome.kind).toBe("failed");
    expect(said).toContain("400 Bad Request");
    expect(tree(mirror)).toBe(before);
    expect(readState(mirror).lacking).toHaveLength(3);
  });

  test("all are requested again after a sync of an earlier version", async () => {
    const { mirror } = await openLacking();
    const { lacking: _lacking, ...state } = readState(mirror);
    writeFileSync(statePath(mirror), JSON.stringify({ ...state, lacksFiles: true }));
    expect((await mirror.sync({ extra })).outcome).toMatchObject({
      unchanged: false,
      missing: { length: 3 },
    });
    expect(answersFor(mirror, gone)).toEqual([404]);
    expect(readState(mirror)).toMatchObject({ lacking: { length: 3 } });
    expect(readState(mirror)).not.toHaveProperty("lacksFiles");
  });

  test("a snapshot is kept with skip_unchanged while none comes", async () => {
    const { mirror, right } = await openLacking();
    const skipping = `${extra}[mirrors.m.snapshot]\nskip_unchanged = true\n`;
    await mirror.sync({ extra: skipping, now: new Date("2026-11-02T01:00:00Z") });
    const kept = await mirror.sync({ extra: skipping, now: new Date("2026-11-02T02:00:00Z") });
    expect(kept.outcome).toMatchObject({ kept: true, snapshot: expect.stringMatching(/^2026-11-02T01/) });
    mirror.upstream.rewrite(gone, right(gone));
    const made = await mirror.sync({ extra: skipping, now: new Date("2026-11-02T03:00:00Z") });
    expect(made.outcome).toMatchObject({ kept: false, snapshot: "2026-11-02T03-00-00Z" });
  });
});
