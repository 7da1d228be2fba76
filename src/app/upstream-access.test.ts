import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveDirectory, temporaryDirectory } from "../../test/support/index.ts";
import { runCommand } from "../../test/support/run-command.ts";

/** A mirror of a server that asks for a password everywhere, its configuration and its auth.conf. */
async function openMirror({
  authConf,
  mode = 0o600,
  url = (server) => `${server}/private`,
  env = () => ({}),
}: {
  authConf: (server: string) => string;
  mode?: number;
  url?: (server: string) => string;
  env?: (server: string) => Readonly<Record<string, string>>;
}) {
  const directory = await temporaryDirectory();
  const server = await serveDirectory(directory.path);
  server.fault({
    path: /^/,
    status: 401,
    headers: { "WWW-Authenticate": 'Basic realm="Enterprise"' },
  });
  onTestFinished(async () => {
    await server.close();
    await directory[Symbol.asyncDispose]();
  });
  const configFile = directory.join("mirror.toml");
  const text = `dir = "${directory.join("www")}"
[mirrors.m]
url = "${url(server.url)}"
suites = ["./"]
`;
  writeFileSync(configFile, text);
  writeFileSync(directory.join("auth.conf"), authConf(server.url), { mode });
  return {
    server,
    authFile: directory.join("auth.conf"),
    /** Returns the exit status and everything that was printed. */
    async sync() {
      const args = ["--config", configFile, "--verbose-errors", "--log-level", "debug", "sync"];
      const { status, stdout, stderr } = await runCommand(args, {
        env: env(server.url),
        homeDir: directory.path,
        now: () => new Date("2026-11-01T12:00:00Z"),
      });
      return { status, said: stdout + stderr };
    },
    /** Returns the contents of all state files; the history is one. */
    state: () => {
      const folder = directory.join("www/.mirrorctl/state");
      return readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"));
    },
  };
}

const secretFor = (url: string): string => `machine ${url} login u password secret\n`;

describe("auth.conf beside the configuration", () => {
  test("sends its password to the upstream, and puts it nowhere else", async () => {
    const mirror = await openMirror({ authConf: secretFor });
    const { status, said } = await mirror.sync();
    const shown = `Basic ${Buffer.from("u:secret").toString("base64")}`;
    expect(mirror.server.requests.map(({ headers }) => headers.authorization)).toEqual([shown]);
    expect(status).toBe(1);
    expect(mirror.state().join("")).toContain("it wants a user and password");
    expect(said).toContain('it wants a user and password for "Enterprise"');
    expect(said).toContain(`It does not accept those of ${mirror.authFile}:1`);
    for (const text of [said, ...mirror.state()]) {
      expect(text).not.toContain("secret");
      expect(text).not.toContain(shown);
    }
  });

  test("causes a warning if others can read it", async () => {
    const open = await openMirror({ authConf: secretFor, mode: 0o644 });
    const closed = await openMirror({ authConf: secretFor, mode: 0o600 });
    const warning = `WARN  ${open.authFile} holds passwords and can be read by others: chmod 600`;
    expect((await open.sync()).said).toContain(warning);
    expect((await closed.sync()).said).not.toContain("chmod");
  });

  test("fails the sync before the first request if it is wrong, naming the line", async () => {
    const mirror = await openMirror({ authConf: () => "\nmachin h.example login u password secret\n" });
    const { status, said } = await mirror.sync();
    expect(status).toBe(1);
    expect(said).toContain(`${mirror.authFile}:2: login `);
    expect(said).not.toContain("secret");
    expect(mirror.server.requests).toEqual([]);
  });
});

describe("the proxy variables of the environment", () => {
  const nobody = "127.0.0.1:1";

  test.each([
    ["http_proxy applies to http", "http", "http_proxy", true],
    ["HTTP_PROXY does not: a web server takes it from a request (CGI)", "http", "HTTP_PROXY", false],
    ["https_proxy does not apply to http", "http", "https_proxy", false],
    ["https_proxy applies to https", "https", "https_proxy", true],
    ["HTTPS_PROXY applies to https", "https", "HTTPS_PROXY", true],
  ])("%s", async (_, scheme, name, isAsked) => {
    const seen: string[] = [];
    await using proxy = await startProxy((target) => seen.push(target));
    const mirror = await openMirror({
      authConf: () => "",
      url: () => `${scheme}://${nobody}/`,
      env: () => ({ [name]: proxy.url }),
    });
    expect(await mirror.sync()).toMatchObject({ status: 1 });
    expect(seen.length > 0).toBe(isAsked);
    expect(seen.every((target) => target.includes(nobody))).toBe(true);
  });

  test.each(["no_proxy", "NO_PROXY"])("do not apply to hosts in %s", async (name) => {
    const seen: string[] = [];
    await using proxy = await startProxy((target) => seen.push(target));
    const mirror = await openMirror({
      authConf: () => "",
      env: () => ({ http_proxy: proxy.url, [name]: "127.0.0.1" }),
    });
    await mirror.sync();
    expect(mirror.server.requests.length).toBeGreaterThan(0);
    expect(seen).toEqual([]);
  });
});

/** Starts a proxy that refuses everything, and calls `tell` with each target. */
async function startProxy(tell: (target: string) => void) {
  const server = createServer((request, response) => {
    tell(request.url ?? "");
    response.writeHead(404).end();
  });
  server.on("connect", ({ url }, socket) => {
    tell(url ?? "");
    socket.on("error", () => undefined).end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
