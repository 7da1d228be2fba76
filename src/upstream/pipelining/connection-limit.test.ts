/** Mirrors of one server with different TLS settings: a pool for each, and one limit. */
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { type PipeliningServer, servePipelines } from "../../../test/support/index.ts";
import { type ConnectionPools, createConnectionPools, createUpstream, type Upstream } from "../index.ts";
import { testSettings } from "../test-support.ts";
import { answerAll, answerNext, names, requestFor, rules } from "./pipelining.fixture.ts";

const { signal } = new AbortController();
const near = { ...rules, roundTripMs: 1_000 };

/** Opens two upstreams that share a server, and no pool. */
function openBoth(server: PipeliningServer, pools: ConnectionPools, maxConns: number): [Upstream, Upstream] {
  const open = (serverName: string) =>
    createUpstream(testSettings([server.url], { maxConns, tls: { serverName } }), pools);
  return [open("one.example"), open("two.example")];
}

const fetchAll = (upstream: Upstream, paths: readonly string[]): Promise<unknown> =>
  Promise.all(paths.map((path) => upstream.download(requestFor(path), signal)));

/** Counts the connections that the server sees at one time. */
function countOpen(): { readonly most: number; see(socket: Socket): void } {
  const open = new Set<Socket>();
  let most = 0;
  return {
    get most() {
      return most;
    },
    see(socket) {
      if (open.has(socket)) return;
      open.add(socket);
      most = Math.max(most, open.size);
      socket.on("close", () => open.delete(socket));
    },
  };
}

test.each([
  ["one request at a time", near],
  ["requests ahead", rules],
])("keeps the limit of a server across TLS settings, with %s", async (_, pipelining) => {
  const counted = countOpen();
  await using server = await servePipelines((connection) => {
    counted.see(connection.socket);
    setImmediate(() => answerAll(connection));
  });
  await using pools = createConnectionPools(pipelining);
  const [one, two] = openBoth(server, pools, 4);
  await Promise.all([fetchAll(one, names(200)), fetchAll(two, names(200))]);
  await fetchAll(one, names(10)); // takes back what the other no longer needs
  expect(server.requests).toHaveLength(410);
  expect(counted.most).toBe(4);
});

test("gives a mirror its turn while another has more to do, with one connection", async () => {
  await using server = await servePipelines((connection) => void setImmediate(() => answerNext(connection)));
  await using pools = createConnectionPools(near);
  const [one, two] = openBoth(server, pools, 1);
  await Promise.all([fetchAll(one, names(50)), fetchAll(two, ["file-99"])]);
  expect(server.requests).toHaveLength(51);
  expect(server.requests.indexOf("/file-99")).toBeLessThan(5);
});

test("fails what waits for another pool when the connections are closed", async () => {
  await using server = await servePipelines(() => undefined);
  await using pools = createConnectionPools(near);
  const [one, two] = openBoth(server, pools, 1);
  const results = Promise.allSettled([fetchAll(one, ["file-1"]), fetchAll(two, ["file-2"])]);
  await expect.poll(() => server.requests).toEqual(["/file-1"]);
  await pools.close();
  expect((await results).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(server.requests).toEqual(["/file-1"]);
});
