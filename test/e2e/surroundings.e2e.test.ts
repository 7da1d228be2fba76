/** The executable in unusual environments. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { makeCertificates } from "../../src/upstream/test-support.ts";
import { createWorkspace } from "../support/index.ts";
import { createRunningMirror } from "./running-mirror.ts";
import { startRelay } from "./servers/relay.ts";

const withShell =
  (redirection: string) =>
  (commandLine: readonly string[]): readonly string[] => [
    "sh",
    "-c",
    `exec "$0" "$@" ${redirection}`,
    ...commandLine,
  ];

describe.concurrent("mirrorctl", () => {
  test("trusts the system's authorities, or only those of ca_cert_file", async () => {
    const ofSystem = makeCertificates();
    await using workspace = await createRunningMirror();
    await using secure = await startRelay(workspace.server, ofSystem.server);
    // The path at which Node's OpenSSL looks for the certificates of the system.
    await writeFile(workspace.join("system.pem"), ofSystem.ca);
    await mkdir(workspace.join("no-certificates"));
    const env = {
      SSL_CERT_FILE: workspace.join("system.pem"),
      SSL_CERT_DIR: workspace.join("no-certificates"),
    };
    workspace.configure({ mirrors: { debian: { url: secure.url } } });
    await workspace.run(["sync"], { env });
    await writeFile(workspace.join("other.pem"), makeCertificates().ca);
    const tls = { ca_cert_file: workspace.join("other.pem") };
    workspace.configure({ mirrors: { debian: { url: secure.url, tls } } });
    const { stderr } = await workspace.run(["sync"], { env, exitCode: 1 });
    expect(stderr).toContain("the issuer of its certificate is not known");
  });

  test("ignores environment variables for Node", async () => {
    await using workspace = await createRunningMirror();
    await using secure = await startRelay(workspace.server, makeCertificates().authority);
    workspace.configure({ mirrors: { debian: { url: secure.url } } });
    await writeFile(
      workspace.join("code.cjs"),
      `require("fs").writeFileSync("${workspace.join("ran")}", "")`,
    );
    for (const options of [
      "--no-such-option",
      `--require=${workspace.join("code.cjs")}`,
      "--use-system-ca",
    ]) {
      const env = { NODE_OPTIONS: options, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
      const { stderr } = await workspace.run(["sync"], { env, exitCode: 1 });
      expect(stderr).toContain("its certificate is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT)\n");
      expect(stderr).toContain("name its file as [tls] ca_cert_file");
    }
    expect(existsSync(workspace.join("ran"))).toBe(false);
  });

  test("reaches an https upstream through a proxy", async () => {
    const { ca, server: identity } = makeCertificates();
    await using workspace = await createRunningMirror();
    await using secure = await startRelay(workspace.server, identity);
    await using proxy = await startRelay(workspace.server);
    await writeFile(workspace.join("ca.pem"), ca);
    const tls = { ca_cert_file: workspace.join("ca.pem") };
    workspace.configure({ mirrors: { debian: { url: secure.url, tls } } });
    await workspace.run(["sync"], { env: { https_proxy: proxy.url } });
    const asked = new Set(proxy.requests.map(({ line }) => line));
    expect(asked).toEqual(new Set([`CONNECT ${secure.url.replace("https://", "")}`]));
  });

  test("runs under a user ID without an account", async ({ skip }) => {
    if (process.getuid?.() !== 0) skip("only root may take another id");
    await using workspace = await createWorkspace({ mirrors: { debian: {} } });
    const { stdout } = await workspace.run(["version"], { userId: 54_321 });
    expect(stdout).toMatch(/^mirrorctl \d/);
  });

  test("fails if its result cannot be written", async () => {
    await using workspace = await createRunningMirror();
    const { stderr } = await workspace.run(["snapshot", "list"], {
      through: withShell(">/dev/full"),
      exitCode: 1,
    });
    expect(stderr).toContain("ERROR the result could not be written: ENOSPC");
  });

  test.for(["2>/dev/full", "2>&-"])("continues if its log cannot be written (%s)", async (redirection) => {
    await using workspace = await createRunningMirror();
    await workspace.run(["sync"], { through: withShell(redirection) });
    const { working } = await workspace.published("debian");
    expect([...(working?.files.keys() ?? [])].some((path) => path.includes("newcomer"))).toBe(true);
  });
});
