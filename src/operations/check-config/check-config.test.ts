import { chownSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { diskParent, readTree } from "../../../test/support/index.ts";
import { key, open, problemsOf, withMirror } from "./check-config.fixture.ts";

test("accepts readable keys and writable directories, and writes nothing", async () => {
  const site = await open(withMirror('pgp_key_path = "key.asc"'), { "key.asc": key.publicKeyArmored });
  const before = await readTree(site.directory.path);
  expect(await site.check()).toEqual({
    path: site.directory.join("mirror.toml"),
    files: [site.directory.join("mirror.toml")],
    problems: [],
    remarks: [],
    dir: site.directory.join("www"),
    mirrors: [
      {
        id: "noble",
        urls: ["http://127.0.0.1:9/ubuntu/"],
        suites: ["noble"],
        sections: ["main"],
        architectures: ["amd64"],
        snapshotEachSync: false,
        publishToStaging: false,
        synced: false,
      },
    ],
  });
  expect(await readTree(site.directory.path)).toEqual(before);
});

test("accepts a file of metrics that does not exist yet", async () => {
  const site = await open(withMirror('no_pgp_check = true\n[metrics]\ntextfile = "~/www/m.prom"'));
  expect(await site.problems()).toEqual([]);
});

test.each([
  ["text/m.txt", "~/text/m.txt does not end in .prom: the textfile collector would not read it"],
  ["absent/m.prom", "the directory ~/absent does not exist, or this user may not enter it"],
  ["mirror.toml/m.prom", "~/mirror.toml is not a directory"],
  ["text/x.prom", "~/text/x.prom is a directory"],
])("metrics.textfile = %j: %s", async (file, fault) => {
  const site = await open(withMirror(`no_pgp_check = true\n[metrics]\ntextfile = "~/${file}"`), {
    "mirror.toml": "",
  });
  mkdirSync(site.directory.join("text/x.prom"), { recursive: true });
  expect(await site.problems()).toEqual([`9:12: metrics.textfile: ${fault}`]);
});

const signedBy = (fingerprints: readonly string[]): string =>
  withMirror(`pgp_key_path = "key.asc"\nsigned_by = ${JSON.stringify(fingerprints)}`);

test("reports fingerprints that no key has", async () => {
  const keyring = { "key.asc": key.publicKeyArmored };
  const other = "0".repeat(40);
  expect(await problemsOf(signedBy([key.fingerprint, other]), keyring)).toEqual([]);
  expect(await problemsOf(signedBy([`${key.fingerprint}!`]), keyring)).toEqual([]);
  expect(await problemsOf(signedBy([other]), keyring)).toEqual([
    `8:13: mirrors.noble.signed_by: none of the keys has the fingerprint ${other}`,
  ]);
});

test("reports a directory at the path of a public link, but no link", async () => {
  const site = await open(withMirror("no_pgp_check = true"));
  mkdirSync(site.directory.join("www/noble/staging"), { recursive: true });
  symlinkSync("/srv/elsewhere", site.directory.join("www/noble/current"));
  expect(await site.problems()).toEqual([
    "2:10: mirrors.noble.publish.staging: ~/www/noble/staging is not a link, and is where clients are to see a snapshot",
  ]);
});

test("reads auth.conf beside the configuration, and shows no password", async () => {
  const site = await open(withMirror("no_pgp_check = true\nx = 1"), {
    "auth.conf": "machin h.example login u password secret\n",
  });
  const problems = await site.problems();
  expect(problems).toEqual([
    expect.stringMatching(/^8:1: unknown key/),
    expect.stringContaining("auth.conf:1: login comes before any machine"),
  ]);
  expect(problems.join()).not.toContain("secret");
});

test("reports checks that are off, and passwords that others can read", async () => {
  const site = await open(withMirror("no_pgp_check = true\ntls.insecure_skip_verify = true"), {
    "auth.conf": "",
  });
  expect(await site.check()).toMatchObject({
    problems: [],
    remarks: [
      { kind: "passwords-exposed", path: site.directory.join("auth.conf") },
      { kind: "signatures-unchecked", mirror: "noble" },
      { kind: "certificates-unchecked", mirror: "noble" },
    ],
  });
});

test("reports a configuration without a mirror", async () => {
  expect(await problemsOf('dir = "~/www"')).toEqual([
    expect.stringMatching(/mirrors is missing: expected a table \[mirrors\.<id>\]/),
  ]);
});

test("reports a snapshot path that is a file", async () => {
  const text = withMirror('no_pgp_check = true\nsnapshot.path = "/etc/hostname/snapshots"');
  expect(await problemsOf(text)).toEqual([
    "8:17: mirrors.noble.snapshot.path: /etc/hostname is not a directory",
  ]);
});

test("reports once that snapshots on another file system are copies", async () => {
  const path = join(diskParent, "mirrorctl-none/snapshots");
  const mirror = withMirror("no_pgp_check = true");
  const other = mirror.replace(/^dir.*\n/, "").replace("noble", "jammy");
  const site = await open(`snapshot.path = "${path}"\n${mirror}${other}`);
  const dir = site.directory.join("www");
  const isOther = statSync(dir).dev !== statSync(diskParent).dev;
  const { problems, remarks } = await site.check();
  expect(problems).toEqual([]);
  expect(remarks.filter(({ kind }) => kind === "snapshots-copied")).toEqual(
    isOther ? [{ kind: "snapshots-copied", path, dir }] : [],
  );
});

describe("files that mirrorctl made before", () => {
  const made = [
    "www/.mirrorctl/state/noble.json",
    "www/.mirrorctl/locks/noble.lock",
    "www/.mirrorctl/trees/noble/2026/dists",
    "www/.snapshots/noble/one/dists",
    "www/.snapshots/noble/.meta/one.json",
  ];

  async function openUsed() {
    const site = await open(withMirror("no_pgp_check = true"));
    for (const path of made) mkdirSync(site.directory.join(path), { recursive: true });
    return site;
  }

  test("are accepted if they belong to this user", async () => {
    expect(await (await openUsed()).problems()).toEqual([]);
  });

  test("are accepted if they belong to the user who runs mirrorctl", async () => {
    const site = await openUsed();
    const { username } = userInfo();
    expect(await site.problems(4711)).toEqual([
      `1:7: dir: 13 paths that mirrorctl made before and uid 4711 cannot change, such as ~/www/.mirrorctl, belong to ${username}: run mirrorctl as ${username}, who owns the directory`,
    ]);
  });

  // Only root can give files away.
  test.runIf(userInfo().uid === 0).each([
    ["www/.mirrorctl/state/noble.json", "~/www/.mirrorctl"],
    ["www/.mirrorctl/trees/noble/2026", "~/www/.mirrorctl"],
    ["www/.snapshots/noble/.meta/one.json", "~/www/.snapshots/noble"],
    ["www/.snapshots/noble/one", "~/www/.snapshots/noble"],
  ])("are another user's at %s, and chown repairs it", async (path, below) => {
    const site = await openUsed();
    const www = site.directory.join("www");
    for (const name of ["", ...readdirSync(www, { recursive: true, encoding: "utf8" })])
      chownSync(join(www, name), 4711, 4711);
    chownSync(site.directory.join(path), 0, 0);
    expect(await site.problems(4711)).toEqual([
      `1:7: dir: 1 path that mirrorctl made before and uid 4711 cannot change, such as ~/${path}, belongs to root: "sudo chown -R --from=root 4711: ${below}" repairs that`,
    ]);
  });
});
