/** Real servers on the loopback interface, and settings for requests to them. Only tests import this. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BodySink, Validators } from "./requests/request.ts";
import { defaultTimeouts, type RetryEvent, type RetryPolicy, type UpstreamSettings } from "./settings.ts";

export interface TestServer extends AsyncDisposable {
  /** Ends in "/". */
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** The requests so far, with their targets as they were sent. */
  readonly requests: { readonly target: string; readonly headers: IncomingHttpHeaders }[];
}

export async function serve(
  listener: RequestListener,
  { tls, host = "127.0.0.1" }: { tls?: ServerOptions; host?: string } = {},
): Promise<TestServer> {
  const requests: TestServer["requests"] = [];
  const recording: RequestListener = (request, response) => {
    requests.push({ target: request.url ?? "", headers: request.headers });
    listener(request, response);
  };
  const server = tls === undefined ? createServer(recording) : createTlsServer(tls, recording);
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: `${tls === undefined ? "http" : "https"}://${name}:${port}/`,
    port,
    server,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Keeps a body in memory, as the store keeps it on disk. */
export class MemorySink implements BodySink {
  bytes = Buffer.alloc(0);
  heldValidator: string | undefined;
  readonly begins: number[] = [];

  constructor(held = "", heldValidator?: string) {
    this.bytes = Buffer.from(held);
    this.heldValidator = heldValidator;
  }

  get heldBytes(): number {
    return this.bytes.length;
  }

  get text(): string {
    return this.bytes.toString();
  }

  begin(offsetBytes: number, response: Validators): void {
    this.begins.push(offsetBytes);
    this.bytes = this.bytes.subarray(0, offsetBytes);
    this.heldValidator = response.etag ?? response.lastModified;
  }

  write(chunk: Uint8Array): void {
    this.bytes = Buffer.concat([this.bytes, chunk]);
  }
}

/** Returns a policy that never waits, and notes how long it should have. */
export function testRetryPolicy(waitsMs: number[] = []): RetryPolicy {
  return {
    attemptsMax: 3,
    firstWaitMs: 1_000,
    waitMaxMs: 30_000,
    retryAfterMaxMs: 120_000,
    jitter: () => 0.5,
    now: () => new Date("2026-11-01T12:00:00Z"),
    pause: (waitMs, signal) => {
      signal.throwIfAborted();
      waitsMs.push(waitMs);
      return Promise.resolve();
    },
  };
}

export function testSettings(
  baseUrls: readonly string[],
  changes: Partial<UpstreamSettings> = {},
  events: RetryEvent[] = [],
): UpstreamSettings {
  return {
    baseUrls,
    maxConns: 4,
    tls: {},
    proxy: {},
    authEntries: [],
    userAgent: "mirrorctl/test",
    retry: testRetryPolicy(),
    timeouts: defaultTimeouts,
    onRetry: (event) => events.push(event),
    onPipelining: () => undefined,
    ...changes,
  };
}

interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** PEM throughout. */
export interface TestCertificates {
  readonly ca: string;
  readonly authority: Identity;
  readonly server: Identity;
  readonly client: Identity;
}

/** Makes an authority, a server's certificate for `names`, and a client's certificate. */
export function makeCertificates(
  names = "IP:127.0.0.1,DNS:localhost",
  { expired = false } = {},
): TestCertificates {
  const dir = mkdtempSync(join(tmpdir(), "mirrorctl-tls-"));
  try {
    return makeCertificatesIn(dir, names, expired);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function makeCertificatesIn(dir: string, names: string, expired: boolean): TestCertificates {
  const read = (name: string): string => readFileSync(join(dir, name), "utf8");
  const make = (name: string, ...options: string[]): Identity => {
    const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const subject = ["-x509", "-days", "2", "-subj", `/CN=${name}`];
    const files = ["-keyout", `${name}.key`, "-out", `${name}.pem`];
    execFileSync("openssl", ["req", ...newKey, ...subject, ...files, ...options], {
      cwd: dir,
      stdio: "pipe",
    });
    return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
  };
  const authority = make("authority");
  const byAuthority = [
    "-CA",
    "authority.pem",
    "-CAkey",
    "authority.key",
    "-addext",
    `subjectAltName=${names}`,
  ];
  const { cert: ca } = authority;
  const issue = (name: string): Identity => {
    const issued = make(name, ...byAuthority);
    if (!expired) return issued;
    const request = [
      "-new",
      "-key",
      `${name}.key`,
      "-subj",
      `/CN=${name}`,
      "-addext",
      `subjectAltName=${names}`,
    ];
    const input = execFileSync("openssl", ["req", ...request], { cwd: dir, stdio: "pipe" });
    const sign = [
      "-req",
      "-CA",
      "authority.pem",
      "-CAkey",
      "authority.key",
      "-CAcreateserial",
      "-days",
      "-1",
    ];
    const cert = execFileSync("openssl", ["x509", ...sign, "-copy_extensions", "copy"], {
      cwd: dir,
      input,
      stdio: "pipe",
    });
    return { ...issued, cert: cert.toString() };
  };
  return { ca, authority, server: issue("server"), client: issue("client") };
}
