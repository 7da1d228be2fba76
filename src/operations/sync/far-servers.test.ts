/** Complete syncs from distant servers: every response is slow to start. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import {
  createSigningKey,
  fakeUpstream,
  readTree,
  type ServerConnection,
  servePipelines,
  temporaryDirectory,
} from "../../../test/support/index.ts";
import { runCommand } from "../../../test/support/run-command.ts";

const packages = 50;
/** More than counts as near. */
const roundTripMs = 20;

const directory = await temporaryDirectory();
const key = await createSigningKey();
const upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
for (let index = 0; index < packages; index++)
  upstream.suite("stable").addPackage(`package${index}`, "1.0-1");
await upstream.publish();
writeFileSync(directory.join("key.asc"), key.publicKeyArmored);
afterAll(() => directory[Symbol.asyncDispose]());

const isPackage = ([path]: [string, string]): boolean => path.startsWith("pool/");

/** `alter` sees each package with the number of requests that were under way on its connection. */
async function syncFrom(name: string, alter: (body: Buffer, underWay: number) => Buffer) {
  const answer = (connection: ServerConnection, count: number): void => {
    const underWay = connection.pending.length;
    for (const target of connection.pending.splice(0, count)) {
      const isThere = !target.endsWith("/Packages");
      const body = isThere
        ? readFileSync(upstream.path(decodeURIComponent(target.slice(1))))
        : Buffer.from("");
      connection.answer(isThere ? 200 : 404, target.startsWith("/pool/") ? alter(body, underWay) : body);
    }
  };
  await using server = await servePipelines((connection, count) => {
    setTimeout(() => answer(connection, count), roundTripMs);
  });
  const configFile = directory.join(`${name}.toml`);
  writeFileSync(
    configFile,
    `dir = "${directory.join(name)}"
max_conns = 2
[mirrors.m]
url = "${server.url}"
suites = ["stable"]
sections = ["main"]
architectures = ["amd64"]
pgp_key_path = "key.asc"
`,
  );
  const args = ["--config", configFile, "--log-level", "debug", "sync"];
  const { status, stderr: said } = await runCommand(args, { homeDir: directory.path });
  const tree = await readTree(directory.join(name, "m/.live"));
  const signed = await readTree(upstream.dir);
  return {
    status,
    said,
    pool: [...tree].filter(isPackage),
    signedPool: [...signed].filter(isPackage),
    requests: server.requests.filter((target) => target.startsWith("/pool/")),
    deepest: Math.max(...server.connections.map(({ deepest }) => deepest)),
  };
}

test("requests packages ahead of their responses, each once", async () => {
  const sync = await syncFrom("in-order", (body) => body);
  expect(sync).toMatchObject({ status: 0, deepest: 10 });
  expect(sync.said).not.toMatch(/WARN|ERROR/);
  expect(sync.said).toMatch(/DEBUG http:\S+: answers take \d+ ms to begin: up to 10 requests are sent/);
  expect(sync.pool).toEqual(sync.signedPool);
  expect(new Set(sync.requests).size).toBe(packages);
  expect(sync.requests).toHaveLength(packages);
});

test("stops to pipeline after wrong bytes, and requests those files again", async () => {
  const sync = await syncFrom("X", (body, underWay) => (underWay > 1 ? Buffer.alloc(body.length) : body));
  expect(sync).toMatchObject({ status: 0, pool: sync.signedPool });
  expect(sync.said).not.toMatch(/WARN|ERROR/);
  expect(sync.said).toContain("no more requests are sent ahead of answers: pool/");
  expect(sync.requests.length).toBeLessThanOrEqual(packages + 2 * 10);
});
