/** Servers that send more than allowed: the sync stops reading, whatever they say about the length. */
import { readFileSync, truncateSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const MB = 1_000_000;
const suite = "dists/stable";
const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
/** Far more than the sockets of both sides hold. */
const endless = 64 * MB;

async function openUnsynced(signatures: "all" | "detached" = "all"): Promise<SyncedMirror> {
  const mirror = await openMirror();
  const options = { compressions: ["gz"], signatures, acquireByHash: false } as const;
  mirror.upstream.suite("stable", options).addPackage("hello", "1.0-1");
  await mirror.upstream.publish();
  return mirror;
}

/** Sends zeroes instead of a file, from a hole, which takes neither memory nor time. */
function sendZeroes({ upstream }: SyncedMirror, path: string, sizeBytes: number): void {
  upstream.rewrite(path, "");
  truncateSync(upstream.path(path), sizeBytes);
}

interface Case {
  readonly path: string;
  readonly signatures: "all" | "detached";
  readonly bound: string;
}

const inRelease: Case = { path: `${suite}/InRelease`, signatures: "all", bound: "at most 10000000" };
const releaseGpg: Case = { path: `${suite}/Release.gpg`, signatures: "detached", bound: "at most 1000000" };

describe("a body that is longer than allowed is not read to its end", () => {
  test.each<[string, Case]>([
    ["InRelease", inRelease],
    ["Release", { ...inRelease, path: `${suite}/Release`, signatures: "detached" }],
    ["Release.gpg", releaseGpg],
    ["an index", { ...inRelease, path: `${suite}/main/binary-amd64/Packages.gz`, bound: "expected " }],
    ["a package", { ...inRelease, path: deb, bound: "expected " }],
  ])("%s", async (_, { path, signatures, bound }) => {
    await using mirror = await openUnsynced(signatures);
    sendZeroes(mirror, path, endless);
    for (const chunked of [false, true]) {
      if (chunked) mirror.server.fault({ path: `/${path}`, chunked });
      const { outcome, said } = await mirror.sync();
      expect(outcome).toMatchObject({ kind: "failed" });
      expect(said).toContain(bound);
      expect(said).toContain(chunked ? "the body has more bytes" : `the body has ${endless} bytes`);
      const sent = mirror.server.requests.filter((request) => request.path === `/${path}`);
      for (const { bytesSent } of sent) expect(bytesSent).toBeLessThan(endless / 2);
    }
  });

  test.each<[string, Case, number]>([
    ["InRelease", inRelease, 10 * MB],
    ["Release.gpg", releaseGpg, MB],
  ])(
    "one byte above the bound of %s, and not one at it",
    async (_, { path, signatures, bound }, sizeBytes) => {
      await using mirror = await openUnsynced(signatures);
      sendZeroes(mirror, path, sizeBytes);
      expect((await mirror.sync()).said).not.toContain(bound);
      sendZeroes(mirror, path, sizeBytes + 1);
      expect((await mirror.sync()).said).toContain(bound);
    },
  );
});

test("does not decode more of an InRelease than allowed", async () => {
  await using mirror = await openMirror();
  const { upstream } = mirror;
  upstream.suite("stable", { extraReleaseFields: { Padding: "x".repeat(10 * MB) }, signatures: "inline" });
  await upstream.publish();
  const body = gzipSync(readFileSync(upstream.path(`${suite}/InRelease`)), { level: 1 });
  const headers = { "Content-Encoding": "gzip" };
  mirror.server.fault({ path: `/${suite}/InRelease`, status: 200, headers, body });
  const { outcome, said } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "failed" });
  expect(said).toContain("InRelease is not a clearsigned file");
});
