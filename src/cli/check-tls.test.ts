import { writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { createTestbed } from "../../test/support/index.ts";
import { runCommand } from "../../test/support/run-command.ts";
import { makeCertificates, serve } from "../upstream/test-support.ts";

const { ca, server: identity } = makeCertificates();

/** A mirror "m" of these URLs that trusts the authority of the tests. */
async function openMirror(urls: readonly string[], tls: object = {}) {
  const site = await createTestbed({});
  onTestFinished(() => site[Symbol.asyncDispose]());
  const caFile = site.join("ca.pem");
  writeFileSync(caFile, ca);
  site.configure({ mirrors: { m: { url: urls, tls: { ca_cert_file: caFile, ...tls } } } });
  return (...flags: readonly string[]) =>
    runCommand(["--config", site.configFile, "check", "tls", "m", ...flags]);
}

async function serveTls() {
  const server = await serve((_, response) => response.end(), { tls: identity });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

test("check tls shows versions, cipher and certificates of each URL", async () => {
  const server = await serveTls();
  const run = await openMirror([server.url, "http://127.0.0.1:9/debian/"]);
  const { stdout, stderr, status } = await run();
  const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;
  expect(
    stdout.replaceAll(time, "TIME"),
  ).toBe(`Checking TLS status for mirror 'm' (127.0.0.1:${server.port})...

[+] TLS Version Support:
    TLS 1.0: Not Supported (tlsv1 alert protocol version)
    TLS 1.1: Not Supported (tlsv1 alert protocol version)
    TLS 1.2: Supported
    TLS 1.3: Supported

[+] Connection Details:
    Negotiated Version: TLS 1.3
    Negotiated Cipher:  TLS_AES_256_GCM_SHA384

[+] Server Certificate Chain:
    - Cert 0:
      Subject:  server
      Issuer:   authority
      Begins:   TIME
      Expires:  TIME (in 1d)
      Names:    IP Address:127.0.0.1, DNS:localhost
      Signed:   ecdsa-with-SHA256

    - Cert 1:
      Subject:  authority
      Issuer:   authority
      Begins:   TIME
      Expires:  TIME (in 1d)
      Signed:   ecdsa-with-SHA256

TLS check complete.

Mirror 'm' uses http://127.0.0.1:9/debian/: http, without TLS. There is nothing to check.
Its signatures protect what is downloaded. Others on the way can see what that is, and can hold back new Releases.
`);
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
});

test("check tls fails if the settings of the mirror cannot connect, and says why", async () => {
  const server = await serveTls();
  const run = await openMirror([server.url], { server_name: "packages.internal" });
  const { stdout, stderr, status } = await run();
  expect(stdout).toContain("TLS 1.3: Supported");
  expect(stdout).toContain("Subject:  server");
  expect(stdout).toMatch(/TLS check failed\.\n$/);
  expect(stderr).toMatch(
    /^ERROR GET https:\S+: its certificate is for another name .*\n {6}Check the host in the url/,
  );
  expect(status).toBe(1);
  const json: unknown = JSON.parse((await run("--json")).stdout);
  expect(json).toMatchObject({ connects: false, urls: [{ failure: { code: "upstream/TLS_FAILED" } }] });
});

test("check tls says that certificates are not verified", async () => {
  const server = await serveTls();
  const run = await openMirror([server.url], {
    insecure_skip_verify: true,
    server_name: "packages.internal",
  });
  const { stdout, status } = await run();
  expect(stdout).toContain("Certificates:       not verified (insecure_skip_verify)");
  expect(status).toBe(0);
});
