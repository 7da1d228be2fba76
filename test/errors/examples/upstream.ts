import { once } from "node:events";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { checkTls, defaultTimeouts } from "../../../src/upstream/index.ts";
import { testSettings } from "../../../src/upstream/test-support.ts";
import type { Fault } from "../../support/index.ts";
import { type Example, failedSync, Stage, type StageOptions } from "../stage.ts";

const inRelease = "/dists/stable/InRelease";
const index = /binary-amd64/;
const deb = /\.deb$/;

/** Syncs from a server that answers in this way. */
const answered = (fault: Fault, options: StageOptions = {}): Example =>
  failedSync(({ bed }) => void bed.server.fault(fault), options);

/** Syncs with a file auth.conf beside the configuration. */
const withAuthConf = (write: (path: string) => void): Example =>
  failedSync(({ bed }) => write(join(dirname(bed.configFile), "auth.conf")));

/** Checks the TLS of a server that takes connections, and says nothing. */
async function silentServer(): Promise<void> {
  const server = createServer((socket) => void socket.resume()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const timeouts = { ...defaultTimeouts, connectMs: 20 };
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const report = await checkTls(url, testSettings([url], { timeouts }), new AbortController().signal);
  server.close();
  if (report.kind === "tls") throw report.error;
}

const slow = { ...defaultTimeouts, minimumRate: { bytesPerSecond: 1_000, windowMs: 30 } };

/** Syncs from a directory in place of the upstream. */
const from =
  (directory: (stage: Stage) => string): Example =>
  async () => {
    await using stage = await Stage.open();
    const options = { force: false, noPgpCheck: false, from: directory(stage) };
    const [outcome] = await stage.run((run) => run.sync(["debian"], options));
    if (outcome?.kind === "failed") throw outcome.error;
  };

export const upstreamExamples: Readonly<Record<string, Example>> = {
  "upstream/DIRECTORY_UNUSABLE": from(() => "/media/disk/debian"),
  "upstream/FILE_UNUSABLE": from(({ bed }) => {
    rmSync(bed.upstream.path("dists/stable/InRelease"));
    symlinkSync("/etc/passwd", bed.upstream.path("dists/stable/InRelease"));
    return bed.upstream.dir;
  }),
  "upstream/UNREACHABLE": failedSync(({ bed }) => bed.server.close()),
  "upstream/TIMED_OUT": silentServer,
  "upstream/STALLED": answered({ path: deb, stallAt: 10 }, { timeouts: slow }),
  "upstream/CONNECTION_LOST": answered({ path: inRelease, resetAt: 0 }),
  "upstream/TRUNCATED": answered({ path: inRelease, truncateAt: 20 }),
  "upstream/RESPONSE_MALFORMED": answered({
    path: inRelease,
    respond: ({ socket }) => void socket.end("SSH-2.0-OpenSSH_9.2\r\n"),
  }),
  "upstream/HTTP_STATUS": failedSync(undefined, { mirror: { suites: ["gone"] } }),
  "upstream/UNAUTHORIZED": answered({
    path: inRelease,
    status: 401,
    headers: { "www-authenticate": 'Basic realm="customers"' },
  }),
  "upstream/TOO_LARGE": answered({
    path: inRelease,
    respond: (_, response) => void response.writeHead(200, { "content-length": 20_000_000 }).write("x"),
  }),
  "upstream/SIZE_DIFFERS": async () => {
    const { createConnectionPools, createUpstream } = await import("../../../src/upstream/index.ts");
    const { MemorySink, serve } = await import("../../../src/upstream/test-support.ts");
    await using server = await serve((_, response) => response.end("page"));
    await using pools = createConnectionPools();
    const upstream = createUpstream(testSettings([server.url]), pools);
    const request = { path: "pool/hello.deb", sink: new MemorySink(), sizeBytes: 1_200, bytesMax: 1_200 };
    const result = await upstream.download(request, new AbortController().signal);
    if (result.kind === "refused") throw result.why;
  },
  "upstream/REDIRECT_REFUSED": answered({
    path: inRelease,
    status: 302,
    headers: { location: "ftp://elsewhere.example/InRelease" },
  }),
  "upstream/REDIRECT_LOOP": answered({ path: inRelease, status: 302, headers: { location: inRelease } }),
  "upstream/TLS_FAILED": failedSync((stage) =>
    stage.configure({ mirror: { url: stage.bed.server.url.replace("http:", "https:") } }),
  ),
  "upstream/TLS_UNUSABLE": failedSync(undefined, {
    mirror: { tls: { ca_cert_file: "/etc/mirrorctl/missing.pem" } },
  }),
  "upstream/PROXY_FAILED": failedSync(undefined, {
    mirror: { url: "https://deb.example.org/" },
    host: { env: { https_proxy: "socks5://proxy.example.org:1080" } },
  }),
  "upstream/AUTH_CONF_MALFORMED": withAuthConf((path) => {
    writeFileSync(path, "login ada password x\n", { mode: 0o600 });
  }),
  "upstream/AUTH_CONF_UNREADABLE": withAuthConf((path) => {
    mkdirSync(path);
  }),
  "upstream/INDEX_MISSING": answered({ path: index, status: 404 }),
  "upstream/FILES_MISSING": answered({ path: deb, status: 404 }),
};
