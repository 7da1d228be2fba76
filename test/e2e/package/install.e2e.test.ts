/** The Debian package in roots of Debian 12 and 13: installed, used as its units use it, upgraded, removed, purged. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename } from "node:path";
import { afterAll, beforeAll, expect, type TestContext, test } from "vitest";
import { type Edition, packagedFiles, thisEdition } from "../../../scripts/package/contents.ts";
import { uncompressed, writeDeb } from "../../../scripts/package/deb.ts";
import {
  createTestbed,
  type TemporaryDirectory,
  type Testbed,
  temporaryDirectory,
} from "../../support/index.ts";
import { type Debian, type DebianRoot, openDebianRoot } from "./debian-root.ts";

/** The package of the release before this one, and this one, whose default configuration has another line. */
interface Packages {
  readonly earlier: string;
  readonly present: string;
}

let directory: TemporaryDirectory;
let packages: Packages;
let upstream: Testbed;

beforeAll(async () => {
  directory = await temporaryDirectory("mirrorctl-debs-");
  const edition = thisEdition();
  const files = await packagedFiles(edition);
  const earlierFiles = files.map((file) =>
    file.path === "etc/mirrorctl/mirror.toml"
      ? { ...file, bytes: Buffer.concat([Buffer.from("# As it was before.\n"), file.bytes]) }
      : file,
  );
  const earlier: Edition = { ...edition, version: `${edition.version}~before` };
  packages = {
    earlier: writeDeb(earlierFiles, earlier, directory.path, uncompressed),
    present: writeDeb(files, edition, directory.path, uncompressed),
  };
  upstream = await createTestbed({});
  upstream.upstream.suite("stable").addPackage("hello", "1.0-1");
  await upstream.upstream.publish();
});

afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

const openRoot = async (debian: Debian, skip: TestContext["skip"]): Promise<DebianRoot> => {
  const root = await openDebianRoot(debian, skip);
  for (const path of Object.values(packages)) linkSync(path, root.join("var/cache", basename(path)));
  return root;
};

const fileOf = (name: keyof Packages): string => `/var/cache/${basename(packages[name])}`;

const install = (root: DebianRoot, name: keyof Packages): Promise<string> =>
  root.run(["dpkg", "--force-confold", "--install", fileOf(name)]);

/** What an administrator adds. */
const mirrors = (): string => `
[mirrors.debian]
url = "${upstream.server.url}"
suites = ["stable"]
sections = ["main"]
architectures = ["amd64"]
pgp_key_path = "keys/archive.asc"
publish_to_staging = true
`;

function addMirrors(root: DebianRoot, file = "conf.d/debian.toml"): void {
  copyFileSync(upstream.keyFile, root.join("etc/mirrorctl/keys/archive.asc"));
  appendFileSync(root.join("etc/mirrorctl", file), mirrors());
}

const snapshotsIn = (root: DebianRoot): readonly string[] =>
  readdirSync(root.join("var/lib/mirrorctl/.snapshots/debian")).filter((name) => !name.startsWith("."));

async function syncByUnit(root: DebianRoot): Promise<void> {
  const { exitCode, output } = await root.startUnit("mirrorctl-sync.service");
  expect(output).toContain("Sync completed successfully for debian");
  expect(exitCode).toBe(0);
}

test.for(["bookworm", "trixie"] as const)("is installed on %s", async (debian, { skip }) => {
  await using root = await openRoot(debian, skip);
  const output = await root.run(["apt-get", "-qq", "install", fileOf("present")]);
  expect(output).toContain("systemctl enable --now mirrorctl-sync.timer");
  expect(root.read("etc/passwd")).toMatch(
    /^mirrorctl:x:\d+:\d+:APT mirror[,]*:\/var\/lib\/mirrorctl:\/usr\/s?bin\/nologin$/m,
  );
  const user = Number(/^mirrorctl:x:(\d+):/m.exec(root.read("etc/passwd"))?.[1]);
  const { uid, mode } = statSync(root.join("var/lib/mirrorctl"));
  expect([uid, mode & 0o777]).toEqual([user, 0o755]);
  expect(readdirSync(root.join("etc/mirrorctl"))).toEqual(["conf.d", "keys", "mirror.toml", "profiles"]);
  expect(await root.run(["dpkg-query", "--show", "--showformat=${Conffiles}", "mirrorctl"])).toMatch(
    /^ \/etc\/mirrorctl\/mirror\.toml \w+$/,
  );
  expect(await root.run(["mirrorctl", "--version"])).toMatch(/^\d/);
  expect(existsSync(root.join("usr/share/man/man1/mirrorctl.1.gz"))).toBe(true);
  expect(existsSync(root.join("usr/share/bash-completion/completions/mirrorctl"))).toBe(true);
  expect(await root.run(["dpkg", "--verify", "mirrorctl"])).toBe("");
  // No timer is enabled: an unconfigured sync must not start.
  expect(existsSync(root.join("etc/systemd/system/timers.target.wants/mirrorctl-sync.timer"))).toBe(false);

  const again = await root.run(["/var/lib/dpkg/info/mirrorctl.postinst", "configure", ""]);
  expect(again).toContain("mirrorctl check config");
  expect(root.read("etc/passwd").match(/^mirrorctl:/gm)).toHaveLength(1);

  addMirrors(root);
  await syncByUnit(root);
  expect(snapshotsIn(root)).toHaveLength(1);
  expect(statSync(root.join("var/lib/mirrorctl/debian/staging/dists/stable/InRelease")).uid).toBe(user);
});

test("keeps an edited configuration and snapshots through an upgrade and a removal", async ({ skip }) => {
  await using root = await openRoot("bookworm", skip);
  await install(root, "earlier");
  addMirrors(root, "mirror.toml");
  await syncByUnit(root);
  await root.run(["mirrorctl", "snapshot", "promote", "debian"]);
  const edited = root.read("etc/mirrorctl/mirror.toml");
  const before = snapshotsIn(root);

  const output = await install(root, "present");
  expect(output).not.toContain("systemctl enable"); // said once
  expect(root.read("etc/mirrorctl/mirror.toml")).toBe(edited);
  expect(root.read("etc/mirrorctl/mirror.toml.dpkg-dist")).not.toContain("As it was before");
  await syncByUnit(root);
  expect(snapshotsIn(root)).toEqual(before);

  await root.run(["dpkg", "--remove", "mirrorctl"]);
  expect(existsSync(root.join("usr/bin/mirrorctl"))).toBe(false);
  expect(root.read("etc/mirrorctl/mirror.toml")).toBe(edited);
  await install(root, "present");
  expect(await root.run(["mirrorctl", "history", "debian"])).toContain("promote");
  expect(snapshotsIn(root)).toEqual(before);
});

test("takes an existing user, replaces an unedited file, and runs its scripts twice", async ({ skip }) => {
  await using root = await openRoot("trixie", skip);
  await root.run(["useradd", "--system", "--no-user-group", "--home-dir=/srv/mirror", "mirrorctl"]);
  await install(root, "earlier");
  await install(root, "present");
  expect(root.read("etc/passwd")).toMatch(/^mirrorctl:.*:\/srv\/mirror:/m);
  expect(await root.run(["stat", "--format=%U:%G", "/var/lib/mirrorctl"])).toBe("mirrorctl:mirrorctl\n");
  expect(root.read("etc/mirrorctl/mirror.toml")).not.toContain("As it was before");
  for (const [script, ...args] of [
    ["prerm", "remove"],
    ["postrm", "remove"],
    ["postrm", "remove"],
    ["postinst", "configure", "0.0.1"],
    ["postrm", "purge"],
    ["postrm", "purge"],
  ])
    await root.run([`/var/lib/dpkg/info/mirrorctl.${script}`, ...args]);
});

test("tells a running systemd about its units", async ({ skip }) => {
  await using root = await openRoot("bookworm", skip);
  mkdirSync(root.join("run/systemd/system"), { recursive: true });
  writeFileSync(root.join("usr/bin/systemctl"), '#!/bin/sh\necho "$@" >>/var/log/systemctl\n', {
    mode: 0o755,
  });
  await install(root, "present");
  await root.run(["dpkg", "--remove", "mirrorctl"]);
  expect(root.read("var/log/systemctl").split("\n")).toEqual([
    "--system daemon-reload",
    "try-restart mirrorctl-sync.timer mirrorctl-sync@*.timer",
    "stop mirrorctl-sync.* mirrorctl-sync@*",
    "--system daemon-reload",
    "",
  ]);
});

test("is purged with its configuration and state, and without mirrors", async ({ skip }) => {
  await using root = await openRoot("trixie", skip);
  await install(root, "present");
  await root.run(["dpkg", "--purge", "mirrorctl"]);
  for (const path of ["etc/mirrorctl", "var/lib/mirrorctl"]) expect(existsSync(root.join(path))).toBe(false);

  await install(root, "present");
  addMirrors(root);
  writeFileSync(root.join("etc/mirrorctl/auth.conf"), "machine a.example login b password c\n");
  await syncByUnit(root);
  await root.run(["mirrorctl", "snapshot", "promote", "debian"]);
  const served = root.join("var/lib/mirrorctl/debian/current/pool/main/h/hello/hello_1.0-1_amd64.deb");
  const inode = statSync(served).ino;
  const output = await root.run(["dpkg", "--purge", "mirrorctl"]);
  expect(output).toContain("/var/lib/mirrorctl has mirrors or snapshots, and stays");
  expect(existsSync(root.join("etc/mirrorctl"))).toBe(false);
  expect(readdirSync(root.join("var/lib/mirrorctl/.mirrorctl"))).toEqual(["objects", "trees"]);
  expect(statSync(served).ino).toBe(inode);

  await install(root, "present");
  addMirrors(root);
  await syncByUnit(root);
  expect(statSync(served).ino).toBe(inode);
});

test("names the lines of the unit that a directory elsewhere needs", async ({ skip }) => {
  await using root = await openRoot("bookworm", skip);
  await install(root, "present");
  addMirrors(root);
  const file = root.join("etc/mirrorctl/mirror.toml");
  writeFileSync(file, root.read("etc/mirrorctl/mirror.toml").replace("/var/lib/mirrorctl", "/srv/apt"));
  const { exitCode, output } = await root.startUnit("mirrorctl-sync.service");
  expect(exitCode).toBe(1);
  expect(output).toContain('Run "systemctl edit mirrorctl-sync.service" and add these lines:');
  expect(output).toMatch(/^ {6}\[Unit\]\n {6}RequiresMountsFor=\/srv\/apt\n {6}\[Service\]\n/m);
  const [, writable = ""] = /^ {6}ReadWritePaths=(.*)$/m.exec(output) ?? [];
  const [, create = ""] = /must exist: (.*)$/m.exec(output) ?? [];
  await root.run(create.split(" "));
  const repeated = await root.startUnit("mirrorctl-sync.service", { writable: [writable] });
  expect(repeated.output).toContain("Sync completed successfully for debian");
});

test("names and keeps all mirrors and snapshots when it is purged after a removal", async ({ skip }) => {
  await using root = await openRoot("bookworm", skip);
  await install(root, "present");
  const directories = ["/srv/apt mirror", "/srv/snapshots", "/srv/of-b", "/etc/mirrorctl/of-c"];
  await root.run(["install", "-d", "-o", "mirrorctl", "/srv/unused", ...directories]);
  const [dir, snapshots, ofB, ofC] = directories;
  writeFileSync(
    root.join("etc/mirrorctl/mirror.toml"),
    `# dir = "/srv/unused"\ndir = "${dir}"\nsnapshot.path = '${snapshots}'\n`,
  );
  writeFileSync(
    root.join("etc/mirrorctl/conf.d/b.toml"),
    `[mirrors.b]\nsnapshot = {name="x", path="${ofB}"}\n[mirrors.c.snapshot]\n  path="${ofC}" # here\n`,
  );
  await root.run(["dpkg", "--remove", "mirrorctl"]);
  const output = await root.run(["dpkg", "--purge", "mirrorctl"]);
  const kept = [...output.matchAll(/^mirrorctl: (.*) has mirrors or snapshots, and stays/gm)];
  expect(kept.map(([, path]) => path)).toEqual(directories.toSorted());
  for (const path of directories) expect(existsSync(root.join(path))).toBe(true);
});

test("keeps its configuration when it is purged, if the mirrors are in that directory", async ({ skip }) => {
  await using root = await openRoot("bookworm", skip);
  await install(root, "present");
  await root.run(["install", "-d", "-o", "mirrorctl", "/etc/mirrorctl/debian"]);
  writeFileSync(root.join("etc/mirrorctl/mirror.toml"), 'dir = "/etc/mirrorctl"\n');
  await root.run(["dpkg", "--remove", "mirrorctl"]);
  await root.run(["dpkg", "--purge", "mirrorctl"]);
  expect(existsSync(root.join("etc/mirrorctl/debian"))).toBe(true);
});
