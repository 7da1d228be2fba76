import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { keyring } from "../../../test/support/genuine-debian.ts";
import { createTestbed, type MirrorSettings, type TestbedConfig } from "../../../test/support/index.ts";
import { runCommand } from "../../../test/support/run-command.ts";
import type { ClientConfig } from "../../operations/client-config/index.ts";

const base = { publish: { base_url: "http://apt.example.org/debs" } };

async function openMirror(
  settings: MirrorSettings = {},
  config: TestbedConfig = base,
  release: Readonly<Record<string, string>> = {},
) {
  const bed = await createTestbed({ ...config, mirrors: { m: settings } });
  onTestFinished(() => bed[Symbol.asyncDispose]());
  const suite = bed.upstream.suite("stable", { extraReleaseFields: release });
  for (const version of ["1.0-1", "1.10-1", "1.9-1"]) suite.addPackage("tool", version);
  suite.addPackage("unwanted", "1.0-1").addPackage("libunwanted", "1.0-1");
  await bed.upstream.publish();
  const run = (...args: readonly string[]) => runCommand(["--config", bed.configFile, ...args]);
  const sync = await run("sync");
  expect(sync).toMatchObject({ status: 0 });
  return {
    bed,
    run,
    config: async (...args: readonly string[]): Promise<ClientConfig> => {
      const { stdout, stderr } = await run("client-config", "m", "--json", ...args);
      if (stdout === "") throw new Error(stderr);
      return JSON.parse(stdout) as ClientConfig;
    },
  };
}

const contentOf = ({ files }: ClientConfig, purpose: string): string =>
  files
    .filter((file) => file.purpose === purpose)
    .map(({ content }) => content)
    .join("");

describe("client-config", () => {
  test("prints a stanza with the key, for production, and what to do with it", async () => {
    const { bed, run } = await openMirror();
    const { stdout, stderr } = await run("client-config", "m");
    const [head = "", body] = stdout.split("Signed-By:\n");
    expect(head).toBe(`# /etc/apt/sources.list.d/m.sources
Types: deb
URIs: http://apt.example.org/debs/m/current
Suites: stable
Components: main
Architectures: amd64
`);
    const key = (body ?? "").replaceAll(/^ \.?/gm, "");
    expect(key).toContain("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n");
    writeFileSync(bed.keyFile, key);
    expect(await run("sync")).toMatchObject({ status: 0 });
    expect(stderr).toBe(
      "Write this file on a client: /etc/apt/sources.list.d/m.sources\nThen test it there: apt-get update\n",
    );
  });

  test("prints a line and the key in a file for old versions of apt", async () => {
    const { config } = await openMirror();
    const printed = await config("--format", "one-line");
    expect(printed.files.map(({ path }) => path)).toEqual([
      "/etc/apt/sources.list.d/m.list",
      "/etc/apt/keyrings/mirrorctl-m.asc",
    ]);
    expect(contentOf(printed, "sources")).toBe(
      "deb [arch=amd64 signed-by=/etc/apt/keyrings/mirrorctl-m.asc] http://apt.example.org/debs/m/current stable main\n",
    );
    expect(contentOf(printed, "key")).toMatch(/^-----BEGIN PGP PUBLIC KEY BLOCK-----\n/);
  });

  test("pins what is newer than what the filters left, and names that are gone", async () => {
    const filters = { exclude_patterns: ["unwanted$", "^tool_1.10"] };
    const { config } = await openMirror({ filters }, base, { Origin: "Vendor", Label: "Debs" });
    expect(contentOf(await config(), "preferences")).toBe(`Package: libunwanted:amd64 unwanted:amd64
Pin: release o=Vendor,l=Debs,a=stable,n=stable
Pin-Priority: -1

Package: tool:amd64
Pin: version 1.10-1
Pin-Priority: -1
`);
  });

  test("pins versions if Release does not say whose it is, and no older ones", async () => {
    const unnamed = await openMirror({ filters: { exclude_patterns: ["^unwanted$"] } }, base, {
      Origin: "a, b",
    });
    expect(contentOf(await unnamed.config(), "preferences")).toBe(
      "Package: unwanted:amd64\nPin: version 1.0-1\nPin-Priority: -1\n",
    );
    const newest = await openMirror({ filters: { keep_versions: 1 } });
    expect((await newest.config()).files).toHaveLength(1);
  });

  test("takes no pattern and no further line from a Release or an index", async () => {
    const hostile = { Origin: "x\n Pin-Priority: 1001", Label: "y" };
    const { config } = await openMirror({ filters: { exclude_patterns: ["^unwanted$"] } }, base, hostile);
    expect(contentOf(await config(), "preferences")).toMatch(
      /^Package: unwanted:amd64\nPin: version 1.0-1\nPin-Priority: -1\n$/,
    );
  });

  test("makes all machines take phased updates of Ubuntu", async () => {
    const { config } = await openMirror({}, base, { Origin: "Ubuntu" });
    expect(contentOf(await config(), "phased-updates")).toContain(
      'APT::Get::Always-Include-Phased-Updates "true";',
    );
  });

  test("says what the mirror leaves out or accepts, so that its clients do too", async () => {
    const settings = { translations: false, cnf: false, allow_expired: true, allow_future: true };
    const { config } = await openMirror(settings);
    expect(contentOf(await config(), "sources")).toContain(
      "Languages: none\nTargets-Remove: CNF\nCheck-Valid-Until: no\nCheck-Date: no\n",
    );
  });

  test("names no key that the mirror does not check, and says so", async () => {
    const { config } = await openMirror({ no_pgp_check: true });
    const printed = await config();
    expect(contentOf(printed, "sources")).not.toMatch(/Signed-By|Trusted/);
    expect(printed.notes).toMatchObject([{ kind: "keys-unknown" }]);
  });

  test("puts a large keyring into a file, without keys that the mirror refuses", async () => {
    const large = await openMirror();
    copyFileSync(keyring, large.bed.join("debian.gpg"));
    large.bed.configure({
      ...base,
      mirrors: { m: { pgp_key_path: [large.bed.join("debian.gpg"), large.bed.keyFile] } },
    });
    expect(contentOf(await large.config(), "sources")).toContain(
      "Signed-By: /etc/apt/keyrings/mirrorctl-m.asc\n",
    );
    const signed_by = large.bed.key.fingerprint;
    const pgp_key_path = [large.bed.join("debian.gpg"), large.bed.keyFile];
    large.bed.configure({ ...base, mirrors: { m: { pgp_key_path, signed_by } } });
    expect((await large.config()).files).toHaveLength(1);
  });

  test("refers to Debian's own keyring by its path", async () => {
    const { bed, config } = await openMirror();
    bed.configure({ ...base, mirrors: { m: { pgp_key_path: keyring } } });
    expect(contentOf(await config(), "sources")).toContain(`Signed-By: ${keyring}\n`);
  });
});

describe("client-config of a mirror with snapshots", () => {
  const snapshot = { default_name_format: "2006-01-02T15-04-05.000Z" };

  test("shows staging to test machines, and production once there is one", async () => {
    const { run, config } = await openMirror({ publish_to_staging: true }, { ...base, snapshot });
    const nothing = await run("client-config", "m");
    expect(nothing.status).toBe(1);
    expect(nothing.stderr).toContain("Promote what is in staging: mirrorctl snapshot promote m");
    expect((await config("--staging")).url).toBe("http://apt.example.org/debs/m/staging");
    await run("snapshot", "promote", "m");
    expect((await config()).url).toBe("http://apt.example.org/debs/m/current");
  });

  test("says what to do first if there is nothing to show", async () => {
    const { bed, run } = await openMirror({}, { ...base, snapshot });
    bed.configure({ ...base, snapshot, mirrors: { new: {} } });
    expect((await run("client-config", "new")).stderr).toContain("Sync it first: mirrorctl sync new\n");
    expect((await run("snapshot", "promote", "new")).stderr).toContain(
      "Make the first one: mirrorctl sync new\n",
    );
  });

  test("has the URL of a snapshot, or of the link that shows it", async () => {
    const { run, config } = await openMirror({}, { ...base, snapshot });
    await run("snapshot", "create", "m", "one");
    expect(await config("--snapshot", "one")).toMatchObject({
      url: "http://apt.example.org/debs/.snapshots/m/one",
      notes: [{ kind: "snapshot-hidden" }],
    });
    await run("snapshot", "stage", "m", "one");
    expect(await config("--snapshot", "one")).toMatchObject({
      url: "http://apt.example.org/debs/m/staging",
      notes: [{ kind: "link-moves", link: "staging" }],
    });
  });

  test("encodes blanks in the path of a snapshot, at which apt would end the URI", async () => {
    const { bed, run, config } = await openMirror({}, { ...base, snapshot });
    const path = `${bed.dir}/all snap#shots`;
    bed.configure({ ...base, snapshot: { ...snapshot, path }, mirrors: { m: {} } });
    await run("snapshot", "create", "m", "one");
    expect((await config("--snapshot", "one")).url).toBe(
      "http://apt.example.org/debs/all%20snap%23shots/m/one",
    );
  });

  test("refuses a snapshot that no web server shows", async () => {
    const { bed, run } = await openMirror({}, { ...base, snapshot });
    bed.configure({ ...base, snapshot: { ...snapshot, path: bed.join("elsewhere") }, mirrors: { m: {} } });
    await run("snapshot", "create", "m", "one");
    const { status, stderr } = await run("client-config", "m", "--snapshot", "one");
    expect(status).toBe(1);
    expect(stderr).toContain("Clients see what staging shows: mirrorctl snapshot stage m one");
  });
});

test.each(["http://h.example/ x", "http://h.example/\nTrusted: yes", "h.example", "http://h.example/?a"])(
  "client-config refuses %j as a base URL",
  async (url) => {
    const { run } = await openMirror();
    const { status, stdout, stderr } = await run("client-config", "m", "--base-url", url);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(", expected an http or https URL");
  },
);

test("client-config needs to know under which URL clients see the mirrors", async () => {
  const { bed, run, config } = await openMirror({}, {});
  const { status, stderr } = await run("client-config", "m");
  expect(status).toBe(2);
  expect(stderr).toContain('[publish]\n      base_url = "http://apt.example.org/"\n');
  expect((await config("--base-url", "https://h.example")).url).toBe("https://h.example/m/current");
  expect(readFileSync(bed.configFile, "utf8")).not.toContain("base_url");
});
