/** What may be sent ahead of responses, and what happens to requests that share a connection. */
import { describe, expect, test } from "vitest";
import { type ServerConnection, servePipelines } from "../../../test/support/index.ts";
import { createConnectionPools, createUpstream, type UpstreamSettings } from "../index.ts";
import { testRetryPolicy, testSettings } from "../test-support.ts";
import {
  answerAll,
  answerNext,
  bodyOf,
  depths,
  expectComplete,
  fetchAll,
  names,
  requestFor,
  requests,
  rules,
} from "./pipelining.fixture.ts";

const { signal } = new AbortController();

describe("nothing is sent behind", () => {
  test("a large file", async () => {
    const large = "/large-0";
    const isHeld = ({ pending }: ServerConnection): boolean => pending[0] === large;
    await using server = await servePipelines((connection) => {
      while (connection.pending.length > 0 && !isHeld(connection)) answerNext(connection);
      // It is answered when every other file has been sent.
      const others = server.connections
        .flatMap(({ pending }) => pending)
        .filter((target) => target !== large);
      if (server.requests.length === 101 && others.length === 0) server.connections.forEach(answerAll);
    });
    const paths = names(100).toSpliced(60, 0, "large-0");
    const fetched = await fetchAll(
      server,
      paths.map((path) => requestFor(path)),
      { maxConns: 2 },
    );
    expectComplete(fetched);
    expect(depths(server)).toContain(10);
  });

  test.each([
    ["what must be fresh", { fresh: true }],
    ["what may not have changed", { validators: { etag: '"one"' } }],
    ["what has no known length", { sizeBytes: undefined }],
  ])("%s, and that is not sent behind others", async (_, changes) => {
    const together: string[] = [];
    await using server = await servePipelines((connection) => {
      if (connection.pending.includes("/alone-7")) together.push(...connection.pending);
      answerAll(connection);
    });
    expectComplete(await fetchAll(server, requests().toSpliced(70, 0, requestFor("alone-7", changes))));
    expect(together).toEqual(["/alone-7"]);
    expect(server.requests.indexOf("/alone-7")).toBe(70);
    expect(depths(server)).toEqual([10]);
  });

  test("a fresh request, while other connections are used", async () => {
    // From the fortieth request on, no connection is idle until the last of the others has been answered.
    const isLastHere = (): boolean => server.requests.includes("/file-61");
    await using server = await servePipelines(() => {
      const heldBack = server.requests.length < 40 || isLastHere() ? 0 : 1;
      for (const connection of server.connections) {
        while (connection.pending.length > heldBack) answerNext(connection);
      }
    });
    const all = requests(62).toSpliced(55, 0, requestFor("alone-7", { fresh: true }));
    expectComplete(await fetchAll(server, all, { maxConns: 2 }));
    expect(server.requests.indexOf("/alone-7")).toBeGreaterThan(server.requests.indexOf("/file-61"));
  });

  test("the rest of a partial file, and that is not sent behind others", async () => {
    const held = requestFor("alone-7");
    const body: Buffer = bodyOf("/alone-7");
    held.sink.bytes = Buffer.from(body.subarray(0, 5));
    const range = { "Content-Range": `bytes 5-${body.length - 1}/${body.length}` };
    const together: string[] = [];
    await using server = await servePipelines((connection) => {
      if (!connection.pending.includes("/alone-7")) return answerAll(connection);
      together.push(...connection.pending.splice(0));
      connection.answer(206, body.subarray(5), range);
    });
    expectComplete(await fetchAll(server, requests().toSpliced(70, 0, held)));
    expect(together).toEqual(["/alone-7"]);
    expect(depths(server)).toEqual([10]);
  });

  test("anything if responses come at once", async () => {
    await using server = await servePipelines(answerAll);
    await using pools = createConnectionPools({ ...rules, roundTripMs: 1_000_000 });
    const upstream = createUpstream(testSettings([server.url], { maxConns: 1 }), pools);
    await Promise.all(names(60).map((name) => upstream.download(requestFor(name), signal)));
    expect(depths(server)).toEqual([1]);
    expect(upstream.requestsAtOnce).toBe(1);
  });
});

describe("of requests that share a connection", () => {
  test("one for a missing file is repeated alone", async () => {
    await using server = await servePipelines((connection) => {
      while (connection.pending.length > 0) {
        if (connection.pending[0] !== "/file-80") answerNext(connection);
        else connection.answer(404, Buffer.from(`no ${connection.pending.shift()}`));
      }
    });
    const { results, retries, events } = await fetchAll(server, requests());
    expect(results.map(({ kind }) => kind)).toEqual(
      names(100).map((_, at) => (at === 80 ? "absent" : "accepted")),
    );
    expect(server.requests.filter((target) => target === "/file-80")).toHaveLength(2);
    expect(server.requests).toHaveLength(101);
    expect(depths(server)).toEqual([10]);
    expect(retries).toEqual([]);
    expect(events).toMatchObject([{ type: "pipelining-started", depth: 10 }]);
  });

  test("one that the server postpones is postponed", async () => {
    let puttingOff = 1;
    await using server = await servePipelines((connection) => {
      while (connection.pending.length > 0) {
        if (connection.pending[0] !== "/file-80" || puttingOff-- <= 0) answerNext(connection);
        else
          connection.answer(429, Buffer.from(`wait ${connection.pending.shift()}`), { "Retry-After": "7" });
      }
    });
    const waitsMs: number[] = [];
    const { retries } = await fetchAll(server, requests(), { retry: testRetryPolicy(waitsMs) });
    expect(waitsMs).toEqual([7_000]);
    expect(retries).toHaveLength(1);
    expect(server.requests).toHaveLength(101);
  });

  test("one whose sink fails does not fail the others", async () => {
    await using server = await servePipelines(answerAll);
    await using pools = createConnectionPools(rules);
    const events: unknown[] = [];
    const retry = { ...testRetryPolicy(), attemptsMax: 1 };
    const onPipelining = (event: unknown): void => void events.push(event);
    const settings = testSettings([server.url], { maxConns: 1, retry, onPipelining });
    const upstream = createUpstream(settings, pools);
    const all = requests();
    const full = new Error("no space left on device");
    for (const { sink } of [30, 80].flatMap((at) => all[at] ?? []))
      sink.write = () => {
        throw full;
      };
    const outcomes = await Promise.allSettled(all.map((request) => upstream.download(request, signal)));
    expect(
      outcomes.flatMap((outcome, at) => (outcome.status === "rejected" ? [[at, outcome.reason]] : [])),
    ).toEqual([
      [30, full],
      [80, full],
    ]);
    expect(events).toMatchObject([{ type: "pipelining-started", depth: 10 }]);
    expect(depths(server)).toEqual([10, 10, 10]);
  });

  test("all end when the signal is aborted, and none is sent again", async () => {
    const stop = new AbortController();
    await using server = await servePipelines((connection) => {
      if (server.requests.length < 50) answerAll(connection);
      else stop.abort("interrupted");
    });
    await using pools = createConnectionPools(rules);
    const upstream = createUpstream(testSettings([server.url], { maxConns: 1 }), pools);
    const outcomes = await Promise.allSettled(
      requests().map((request) => upstream.download(request, stop.signal)),
    );
    const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(reasons.length).toBeGreaterThan(50);
    expect(new Set(reasons)).toEqual(new Set(["interrupted"]));
    expect(new Set(server.requests).size).toBe(server.requests.length);
    expect(server.connections).toHaveLength(1);
  });

  test("all fail when the pools are closed", async () => {
    const reached = Promise.withResolvers<void>();
    await using server = await servePipelines((connection) => {
      if (server.requests.length < 50) answerAll(connection);
      else reached.resolve();
    });
    const pools = createConnectionPools(rules);
    const upstream = createUpstream(testSettings([server.url], { maxConns: 1 }), pools);
    const outcomes = Promise.allSettled(requests().map((request) => upstream.download(request, signal)));
    await reached.promise;
    await pools.close();
    const failures = (await outcomes).filter(({ status }) => status === "rejected");
    expect(failures.length).toBeGreaterThan(50);
    expect(failures[0]).toMatchObject({ reason: { facts: { cause: "UND_ERR_DESTROYED" } } });
  });
});

test("sends nothing after the pools are closed", async () => {
  await using server = await servePipelines(answerAll);
  const pools = createConnectionPools();
  const upstream = createUpstream(testSettings([server.url]), pools);
  await upstream.download(requestFor("file-1"), signal);
  await pools.close();
  const outcome = upstream.download(requestFor("file-2"), signal);
  await expect(outcome).rejects.toMatchObject({ facts: { cause: "UND_ERR_DESTROYED" } });
  expect(server.connections).toHaveLength(1);
});

test("tells each of two runs what its own requests caused", async () => {
  let isBroken = false;
  await using server = await servePipelines((connection) => {
    const isTooMuch = isBroken && connection.pending.length > 1;
    if (isTooMuch) for (const _ of connection.pending.splice(0)) connection.answer(404, Buffer.from("sorry"));
    answerAll(connection);
  });
  await using pools = createConnectionPools(rules);
  const openRun = () => {
    const events: string[] = [];
    const onPipelining: UpstreamSettings["onPipelining"] = ({ type }) => void events.push(type);
    const upstream = createUpstream(testSettings([server.url], { maxConns: 1, onPipelining }), pools);
    const download = (count: number) =>
      Promise.all(requests(count).map((request) => upstream.download(request, signal)));
    return { events, download };
  };
  const [ada, bob] = [openRun(), openRun()];
  await ada.download(1);
  await bob.download(100);
  isBroken = true;
  await ada.download(100);
  expect(ada.events).toEqual(["pipelining-ended"]);
  expect(bob.events).toEqual(["pipelining-started"]);
});
