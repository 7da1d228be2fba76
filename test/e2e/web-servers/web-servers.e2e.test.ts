/** The web servers of docs/web-server.md serve a mirror to real apt clients while production moves. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publishSnapshot } from "../../../src/operations/production/publish-snapshot.ts";
import type { ServerProcess } from "../../support/index.ts";
import {
  type AptClient,
  aptKinds,
  createAptClient,
  createWorkspace,
  type Workspace,
} from "../../support/index.ts";
import { openApp } from "../../support/open-app.ts";
import { ask, type RawAnswer, type RawRequestOptions } from "../../support/raw-request.ts";
import { complaintsOf, complaintsOfEachApt } from "../apt-use.ts";
import { documentedServers } from "./documented-servers.ts";

const oddName = "odd+name";
const oddVersion = "1:1.0~rc1+b2";
const oddDeb = "pool/main/o/odd+name/odd+name_1.0~rc1+b2_amd64.deb";
const inRelease = "dists/stable/InRelease";
const constant = "public, max-age=31536000, immutable";

let workspace: Workspace;

const production = (path: string): string => workspace.join("www/debian/current", path);
const publish = (name: string) => workspace.run(["snapshot", "publish", "debian", name]);

/** The snapshot "old" has tool 1.0-1, "new" has 2.0-1 in its place. */
beforeAll(async () => {
  workspace = await createWorkspace({ mirrors: { debian: {} } });
  chmodSync(workspace.path, 0o755); // Apache leaves root for a user of its own
  const suite = workspace.upstream.suite("stable").addPackage(oddName, oddVersion);
  for (const [name, version] of [
    ["old", "1.0-1"],
    ["new", "2.0-1"],
  ] as const) {
    if (name === "new") suite.removePackage("tool");
    suite.addPackage("tool", version);
    await workspace.upstream.publish();
    await workspace.arrange(["sync"]);
    await workspace.arrange(["snapshot", "create", "debian", name]);
  }
});
afterAll(() => workspace[Symbol.asyncDispose]());

describe.each(documentedServers)("$name", (documented) => {
  let server: ServerProcess;
  let clients = 0;
  const get = (path: string, options?: RawRequestOptions): Promise<RawAnswer> =>
    ask(server.url, `/debian/current/${path}`, options);
  const cacheControl = async (path: string): Promise<unknown> => {
    const { status, headers } = await get(path);
    return [status, headers["cache-control"]];
  };
  const clientIn = (dir: string, kind?: (typeof aptKinds)[number]): Promise<AptClient> =>
    createAptClient({
      ...(kind === undefined ? {} : { kind }),
      dir,
      sources: `deb ${server.url}/debian/current stable main`,
      keyrings: { "archive.asc": workspace.key.publicKeyArmored },
    });
  const newDirectory = (): string => workspace.join(`clients-${server.url.split(":").at(-1)}-${clients++}`);

  beforeAll(async () => {
    await publish("old");
    server = await documented.start(workspace.dir);
  });
  afterAll(() => server.stop());

  test("sends the bytes on disk, with their types and no Content-Encoding", async () => {
    const index = "dists/stable/main/binary-amd64/Packages";
    const types = {
      [inRelease]: /^application\/octet-stream$|^$/,
      [`${index}.gz`]: /^application\/gzip$/,
      [`${index}.xz`]: /^application\/x-xz$/,
      [oddDeb]: /^application\/vnd\.debian\.binary-package$/,
    };
    for (const [path, type] of Object.entries(types)) {
      const { status, headers, body } = await get(path, { headers: { "Accept-Encoding": "gzip, br" } });
      expect({ path, status, encoding: headers["content-encoding"] }).toEqual({ path, status: 200 });
      expect(headers["content-type"] ?? "").toMatch(type);
      expect(Buffer.from(body, "latin1")).toEqual(readFileSync(production(path)));
    }
  });

  test("lets caches keep what cannot change, and nothing else", async () => {
    const listed = readFileSync(production(inRelease), "utf8");
    const digest = /^ ([0-9a-f]{64}) +\d+ main\/binary-amd64\/Packages\.xz$/m.exec(listed)?.[1] ?? "none";
    expect(await cacheControl(`dists/stable/main/binary-amd64/by-hash/SHA256/${digest}`)).toEqual([
      200,
      constant,
    ]);
    expect(await cacheControl(oddDeb)).toEqual([200, constant]);
    for (const path of [inRelease, "dists/stable/Release", "dists/stable/main/binary-amd64/Packages.xz"])
      expect(await cacheControl(path)).toEqual([200, "no-cache"]);
    for (const path of ["pool/main/m/missing/missing_1.0_amd64.deb", "dists/stable/by-hash/SHA256/00"])
      expect(await cacheControl(path)).not.toEqual([404, constant]);
  });

  test("finds names with + and ~ as they are and encoded, by Range too", async () => {
    const bytes = readFileSync(production(oddDeb), "latin1");
    for (const path of [
      oddDeb,
      oddDeb.replaceAll("+", "%2b").replaceAll("~", "%7e"),
      oddDeb.replaceAll("+", "%2B"),
    ])
      expect(await get(path)).toMatchObject({ status: 200, body: bytes });
    const modified = statSync(production(oddDeb)).mtime.toUTCString();
    const rest = { headers: { Range: "bytes=100-", "If-Range": modified } };
    expect(await get(oddDeb, rest)).toMatchObject({ status: 206, body: bytes.slice(100) });
  });

  test("shows no name that begins with a dot, and no missing file", async () => {
    const hidden = [".snapshots/debian/old/dists/stable/InRelease", "debian/.live/dists/stable/InRelease"];
    for (const path of hidden) expect(existsSync(workspace.join("www", path))).toBe(true);
    for (const path of [...hidden, ".mirrorctl/state/history.db", "debian/nothing"])
      for (const target of [`/${path}`, `/${path.replace(".", "%2e")}`, `/debian/../${path}`])
        expect(await ask(server.url, target)).toMatchObject({ status: 404 });
  });

  test("sends the older file after a rollback, whatever newer one the client has", async () => {
    const newer = readFileSync(workspace.join("www/.snapshots/debian/new", inRelease), "latin1");
    await publish("new");
    const before = await get(inRelease);
    expect(before.body).toBe(newer);
    await publish("old");
    const older = readFileSync(production(inRelease), "latin1");
    const since = { "If-Modified-Since": before.headers["last-modified"] ?? "" };
    const same = { "If-None-Match": before.headers.etag ?? "" };
    for (const headers of [since, same, { ...since, ...same }])
      expect(await get(inRelease, { headers })).toMatchObject({ status: 200, body: older });

    const { headers } = await get(inRelease);
    const held = { "If-None-Match": headers.etag ?? "", "If-Modified-Since": headers["last-modified"] ?? "" };
    expect(await get(inRelease, { headers: held })).toMatchObject({ status: 304 });
    const { "If-Modified-Since": time } = held;
    expect((await get(inRelease, { headers: { "If-Modified-Since": time } })).status).toBe(
      documented.comparesTimes ? 304 : 200,
    );
  });

  test("a rollback is seen at once, and a client with newer lists gets what they name", async () => {
    await publish("new");
    const complaints = await complaintsOfEachApt(newDirectory(), async ({ kind, dir }) => {
      const client = await clientIn(dir, kind);
      mkdirSync(`${dir}/downloads`);
      const updated = await client.update();
      expect(await client.policy("tool")).toContain("Candidate: 2.0-1");
      return complaintsOf(updated);
    });
    expect(complaints).toEqual([]);
    const warm = await clientIn(newDirectory());
    await warm.update();
    await publish("old");

    const cold = await clientIn(newDirectory());
    expect(complaintsOf(await cold.update())).toEqual([]);
    expect(await cold.policy("tool")).toContain("Candidate: 1.0-1");
    expect(complaintsOf(await cold.download(["tool", oddName], workspace.path))).toEqual([]);
    expect(complaintsOf(await warm.download(["tool"], workspace.path))).toEqual([]);
    expect(existsSync(workspace.join("tool_2.0-1_amd64.deb"))).toBe(true);
    await warm.forgetLists();
    expect(complaintsOf(await warm.update())).toEqual([]);
    expect(await warm.policy("tool")).toContain("Candidate: 1.0-1");
  });

  test("clients that update without a pause never fail while production moves", async () => {
    await using app = await openApp({ path: workspace.configFile });
    const mirror = app.mirror("debian");
    const running = new Set([true, false]);
    const useInLoop = async (isFresh: boolean): Promise<readonly string[]> => {
      const client = await clientIn(newDirectory());
      const complaints: string[] = [];
      for (let round = 0; round < 4; round++) {
        if (isFresh) await client.forgetLists();
        const downloads = newDirectory();
        mkdirSync(downloads);
        complaints.push(...complaintsOf(await client.update()));
        complaints.push(...complaintsOf(await client.download(["tool"], downloads)));
      }
      running.delete(isFresh);
      return complaints;
    };
    const uses = [...running].map(useInLoop);
    let moves = 0;
    for (; running.size > 0; moves++) {
      await publishSnapshot(mirror, moves % 2 === 0 ? "new" : "old", undefined);
      await nextTurn();
    }
    expect((await Promise.all(uses)).flat()).toEqual([]);
    expect(moves).toBeGreaterThan(10);
  });
});
