import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { clearsign, createSigningKey, createTestbed, type Testbed } from "../../../test/support/index.ts";
import { runCommand } from "../../../test/support/run-command.ts";

let site: Testbed;
beforeEach(async () => {
  site = await createTestbed({ mirrors: { m: {} } });
  onTestFinished(() => site[Symbol.asyncDispose]());
  site.upstream.suite("stable").addPackage("hello", "1.0-1");
  await site.upstream.publish();
});

interface Needed {
  readonly satisfied: boolean;
  readonly suites: readonly { readonly signatures: readonly object[]; readonly refusal?: object }[];
  readonly missing: readonly object[];
}

const run = (args: readonly string[]) => runCommand(["--config", site.configFile, ...args]);
const needed = () => run(["key", "needed", "m"]);
async function neededJson(): Promise<Needed> {
  return JSON.parse((await run(["--json", "key", "needed", "m"])).stdout) as Needed;
}

/** Writes a file of keys beside those that are configured, where people keep others too. */
function keyFileBeside(name: string, content: string): string {
  const path = join(site.path, name);
  writeFileSync(path, content);
  return path;
}

/** Signs the Release of "stable" by other keys. */
async function signBy(...keys: Parameters<typeof clearsign>[1]): Promise<void> {
  const release = readFileSync(site.upstream.path("dists/stable/Release"), "utf8");
  site.upstream.rewrite("dists/stable/InRelease", await clearsign(release, keys));
}

describe("key needed", () => {
  test("is satisfied by one configured key, and reads signature files only", async () => {
    const other = await createSigningKey({ name: "Other" });
    await signBy(other, site.key);
    site.server.clearRequests();
    const { stdout, stderr, status } = await needed();
    expect(stdout).toBe(`SUITE   FILE       SIGNED BY                                 KEY IS      KEY FILE
stable  InRelease  ${other.fingerprint}  missing     -
stable  InRelease  ${site.key.fingerprint}  configured  ${site.keyFile}

Every suite is signed by a configured key. One good signature is enough: the missing keys are not needed.
`);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(site.server.requests.map(({ path }) => path)).toEqual(["/dists/stable/InRelease"]);
    expect(existsSync(site.dir)).toBe(false);
  });

  test("names the subkey that signs, as key show does, and the file that has it", async () => {
    const next = await createSigningKey({ name: "Next", subkey: true });
    await signBy(next);
    const beside = keyFileBeside("next.asc", next.publicKeyArmored);
    const { stdout, status } = await needed();
    expect(status).toBe(1);
    expect(stdout).toContain(`No configured key signed stable. One of these keys is needed for each:
  ${next.signingFingerprint}
    this machine has it: ${beside}

Then name the file in pgp_key_path of [mirrors.m], and run this command again.
`);
    expect((await run(["key", "show", beside])).stdout).toContain(next.signingFingerprint);
    site.configure({ mirrors: { m: { pgp_key_path: [site.keyFile, beside] } } });
    expect((await needed()).status).toBe(0);
  });

  test("says how to find and check a key that this machine does not have", async () => {
    const stranger = await createSigningKey({ name: "Stranger" });
    await signBy(stranger);
    const { stdout } = await needed();
    expect(stdout).toContain(
      `${stranger.fingerprint}\n    no key file of this machine has it\n\n1. Get the key from its vendor`,
    );
    expect(stdout).toContain("mirrorctl key show FILE");
    expect(stdout).not.toMatch(/gpg --recv|hkps?:/);
    expect((await neededJson()).missing).toEqual([
      { keyId: stranger.keyId, fingerprint: stranger.fingerprint, foundIn: [] },
    ]);
  });

  test("is what the error of a sync names", async () => {
    await signBy(await createSigningKey());
    expect((await run(["sync"])).stderr).toContain(
      '"mirrorctl key needed m" says which key that is, where it may be found, and how to check it. Then name its file in pgp_key_path.',
    );
  });

  test("reads Release and Release.gpg of a flat suite without InRelease", async () => {
    site.upstream.suite("flat/", { signatures: "detached" }).addPackage("tool", "1");
    await site.upstream.publish();
    site.configure({ mirrors: { m: { suites: ["flat/"], sections: undefined, architectures: undefined } } });
    site.server.clearRequests();
    const { stdout, status } = await needed();
    expect(stdout).toContain(`flat/  Release.gpg  ${site.key.fingerprint}  configured`);
    expect(status).toBe(0);
    expect(site.server.requests.map(({ path }) => path)).toEqual([
      "/flat/InRelease",
      "/flat/Release",
      "/flat/Release.gpg",
    ]);
  });

  test("looks at every suite, also if one is not there", async () => {
    site.configure({ mirrors: { m: { suites: ["gone", "stable"] } } });
    const { stdout, stderr, status } = await needed();
    expect(stdout).toContain(site.key.fingerprint);
    expect(stderr).toContain("upstream has neither dists/gone/InRelease nor Release");
    expect(status).toBe(1);
  });

  test("tells a key that signed_by leaves out from one that is missing", async () => {
    site.configure({ mirrors: { m: { signed_by: ["0".repeat(40)] } } });
    const { stdout, status } = await needed();
    expect(stdout).toContain(`${site.key.fingerprint}  not in signed_by  ${site.keyFile}`);
    expect(stdout).toContain("but signed_by does not name it");
    expect(stdout).not.toContain("One of these keys is needed");
    expect(status).toBe(1);
  });

  test("says why a configured key is refused", async () => {
    const expired = await createSigningKey({ expiresAt: new Date("2021-01-01T00:00:00Z") });
    const release = readFileSync(site.upstream.path("dists/stable/Release"), "utf8");
    site.upstream.rewrite(
      "dists/stable/InRelease",
      await expired.clearsign(release, { date: new Date("2020-06-01T00:00:00Z") }),
    );
    keyFileBeside("archive-key.asc", expired.publicKeyArmored);
    const { stdout, status } = await needed();
    expect(stdout).toContain(`${expired.fingerprint}  refused`);
    expect(stdout).toContain(
      `stable: PGP signature verification failed: key 0x${expired.keyId} expired on 2021`,
    );
    expect(status).toBe(1);
  });

  test("says that a file was altered after a configured key signed it", async () => {
    const path = "dists/stable/InRelease";
    site.upstream.rewrite(
      path,
      readFileSync(site.upstream.path(path), "utf8").replace("Suite: ", "Suite: x"),
    );
    const { stdout, status } = await needed();
    expect(stdout).toContain(`${site.key.fingerprint}  configured, signature bad`);
    expect(stdout).toContain("stable: PGP signature verification failed: invalid signature");
    expect(status).toBe(1);
  });

  test("says which key is needed before there is any key file", async () => {
    site.configure({ mirrors: { m: { pgp_key_path: join(site.path, "later.asc") } } });
    const { stdout, stderr, status } = await needed();
    expect(stderr).toContain(`cannot read the key file ${join(site.path, "later.asc")} (pgp_key_path)`);
    expect(stdout).toContain(`  ${site.key.fingerprint}\n    this machine has it: ${site.keyFile}\n`);
    expect(status).toBe(1);
    expect(await neededJson()).toMatchObject({
      satisfied: false,
      suites: [{ kind: "signed", refusal: { code: "trust/SIGNER_UNKNOWN" } }],
      unusableFiles: [{ code: "trust/KEYRING_UNREADABLE" }],
    });
  });

  test("says that no_pgp_check makes all keys useless", async () => {
    site.configure({ mirrors: { m: { no_pgp_check: true } } });
    expect((await needed()).stdout).toContain(
      "no_pgp_check is set: a sync of this mirror checks no signature",
    );
  });
});
