/** Servers that support requests ahead of their responses, and servers that break on them. */
import { describe, expect, test } from "vitest";
import { type ServerConnection, servePipelines } from "../../../test/support/index.ts";
import {
  answerAll,
  answerNext,
  bodyOf,
  depths,
  expectComplete,
  fetchAll,
  names,
  requests,
} from "./pipelining.fixture.ts";

const givenUp = expect.objectContaining({ type: "pipelining-ended" });

test("sends ten requests at a time to a server that answers in order", async () => {
  const atATime: number[] = [];
  await using server = await servePipelines((connection) => {
    atATime.push(connection.pending.length);
    answerAll(connection);
  });
  const fetched = await fetchAll(server, requests(200));
  expectComplete(fetched);
  expect(server.requests).toEqual(names(200).map((name) => `/${name}`));
  expect(atATime.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => 1));
  expect(Math.max(...atATime.slice(8, 11))).toBe(2);
  expect(Math.max(...atATime)).toBe(10);
  expect(fetched.events).toEqual([
    {
      type: "pipelining-started",
      origin: new URL(server.url).origin,
      roundTripMs: expect.any(Number),
      depth: 10,
    },
  ]);
});

test("uses every connection before any gets a second request", async () => {
  await using server = await servePipelines(() => {
    if (server.connections.length === 3) server.connections.forEach(answerAll);
  });
  const fetched = await fetchAll(server, requests(150), { maxConns: 3 });
  expectComplete(fetched);
  expect(depths(server)).toEqual([10, 10, 10]);
});

/** Starts with the second request at a time. */
const mishandling: Readonly<Record<string, (connection: ServerConnection) => void>> = {
  "ends the connection after an answer": (connection) => {
    answerNext(connection);
    connection.socket.end();
  },
  "says that it ends the connection, and does": (connection) => {
    connection.answer(200, bodyOf(connection.pending.shift() ?? ""), { Connection: "close" });
    connection.socket.end();
  },
  "ends the connection without an answer": (connection) => void connection.socket.end(),
  "resets the connection": (connection) => void connection.socket.resetAndDestroy(),
  "resets the connection within the second answer": (connection) => {
    answerNext(connection);
    connection.socket.write("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n1", () =>
      connection.socket.resetAndDestroy(),
    );
  },
  "answers the first and forgets the others": (connection) => {
    answerNext(connection);
    connection.pending.splice(0);
  },
  "answers the last and forgets the others": (connection) => {
    connection.pending.splice(0, connection.pending.length - 1);
    answerNext(connection);
  },
  "answers in the wrong order": (connection) => {
    connection.pending.reverse();
    answerAll(connection);
  },
  "finds nothing": (connection) => {
    answerNext(connection);
    for (const _ of connection.pending.splice(0)) connection.answer(404, Buffer.from("sorry"));
  },
  "wants a password": (connection) => {
    for (const _ of connection.pending.splice(0)) connection.answer(401, Buffer.from(""));
  },
  "is overwhelmed": (connection) => {
    for (const _ of connection.pending.splice(0)) connection.answer(500, Buffer.from("sorry"));
  },
  "answers with something else than HTTP": (connection) => {
    answerNext(connection);
    connection.pending.splice(0);
    connection.socket.write("<html>sorry</html>");
  },
};

/** The trial has two at a time; what follows a good trial has ten. */
describe.each([2, 10])("a server that, with %d requests ahead of its responses,", (depth) => {
  test.each(Object.entries(mishandling))(
    "%s gets one at a time from then on, without a failure",
    async (_, mishandle) => {
      await using server = await servePipelines((connection) => {
        if (connection.pending.length === depth) mishandle(connection);
        else answerAll(connection);
      });
      const fetched = await fetchAll(server, requests(60));
      expectComplete(fetched);
      expect(fetched.events.at(-1)).toEqual(givenUp);
      expect(Math.max(...depths(server))).toBe(depth);
      expect(depths(server).slice(1)).not.toContainEqual(depth);
      expect(server.requests.length).toBeLessThanOrEqual(60 + depth);
      expect(server.connections.length).toBeLessThanOrEqual(2);
    },
  );
});

test("does not wait long for the second of two responses", async () => {
  await using server = await servePipelines((connection) => {
    const isTooMuch = connection.pending.length > 1;
    while (connection.pending.length > (isTooMuch ? 1 : 0)) answerNext(connection);
    if (isTooMuch) connection.socket.pause();
  });
  const fetched = await fetchAll(server, requests(60), {}, 50);
  expectComplete(fetched);
  expect(fetched.events.at(-1)).toEqual(givenUp);
  expect(server.requests.length).toBeLessThanOrEqual(60 + 2);
});

test.each([
  ["says so", { Connection: "close" }],
  ["does not say so", {}],
])("opens new connections to a server that ends each and %s", async (_, headers) => {
  await using server = await servePipelines((connection) => {
    connection.answer(200, bodyOf(connection.pending[0] ?? ""), headers);
    connection.socket.end();
  });
  expectComplete(await fetchAll(server, requests(60)));
  expect(server.connections).toHaveLength(60);
});

describe("a connection that ends while requests wait on it", () => {
  test.each([
    ["is what servers do after some number of requests", {}],
    ["is what they say beforehand", { Connection: "close" }],
  ])("%s: the next is used in the same way", async (_, headers) => {
    const requestsMax = 60;
    const answered = new Map<ServerConnection, number>();
    await using server = await servePipelines((connection) => {
      while (connection.pending.length > 0 && connection.socket.writable) {
        const count = (answered.get(connection) ?? 0) + 1;
        answered.set(connection, count);
        const target = connection.pending.shift() ?? "";
        connection.answer(200, bodyOf(target), count === requestsMax ? headers : {});
        if (count === requestsMax) connection.socket.end();
      }
    });
    const fetched = await fetchAll(server, requests(200));
    expectComplete(fetched);
    expect(depths(server)).toEqual([10, 10, 10, 10]);
    expect(server.requests.length).toBeLessThanOrEqual(200 + 3 * 10);
    expect(fetched.events).not.toContainEqual(givenUp);
  });
});

test("pipelines redirected requests to both servers", async () => {
  await using far = await servePipelines(answerAll);
  await using server = await servePipelines((connection) => {
    for (const target of connection.pending.splice(0)) {
      connection.answer(302, Buffer.from("moved"), { Location: new URL(target, far.url).href });
    }
  });
  expectComplete(await fetchAll(server, requests(150)));
  expect([depths(server), depths(far)]).toEqual([[10], [10]]);
});

test("pipelines requests to a proxy as to a server", async () => {
  await using proxy = await servePipelines((connection) => {
    for (const [at, target] of connection.pending.entries())
      connection.pending[at] = new URL(target).pathname;
    answerAll(connection);
  });
  const throughProxy = { proxy: { httpProxy: proxy.url }, baseUrls: ["http://mirror.example/"] };
  expectComplete(await fetchAll(proxy, requests(), throughProxy));
  expect(depths(proxy)).toEqual([10]);
});
