import { chownSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHost } from "../../../test/support/host.ts";
import { createSigningKey, diskParent, readTree } from "../../../test/support/index.ts";
import { openApp } from "../../../test/support/open-app.ts";
import { inspectConfig } from "../../config/index.ts";
import { makeCertificates } from "../../upstream/test-support.ts";
import { invokerOf } from "../site-owner.ts";
import { directoryForTest } from "../test-support.ts";
import { checkConfig } from "./index.ts";

const key = await createSigningKey();
const certificates = makeCertificates();
const pem = {
  "ca.pem": certificates.ca,
  "client.pem": certificates.client.cert,
  "client.key": certificates.client.key,
};

/** Files beside the configuration, of which `mirror.toml` is one. */
type Files = Readonly<Record<string, string>>;

/** Line 1 is dir, line 2 the header of the mirror. */
const withMirror = (added: string): string => `dir = "~/www"
[mirrors.noble]
url = "http://user:secret@127.0.0.1:9/ubuntu"
suites = ["noble"]
sections = ["main"]
architectures = ["amd64"]
${added}
`;

async function open(text: string, files: Files = {}) {
  const directory = directoryForTest();
  mkdirSync(directory.join("www"));
  for (const [name, content] of Object.entries(files)) writeFileSync(directory.join(name), content);
  const path = directory.join("mirror.toml");
  const inspection = inspectConfig({ text, path, env: {}, homeDir: directory.path });
  const { config } = inspection;
  const host = createHost({ homeDir: directory.path });
  const { mirrors } =
    config === undefined ? { mirrors: [] } : await openApp({ path, text }, { homeDir: directory.path });
  const check = (uid = host.uid) =>
    checkConfig(inspection, mirrors, { ...invokerOf(host), uid, startedBy: uid });
  /** Without the name of the file. */
  const problems = async (uid?: number): Promise<string[]> =>
    (await check(uid)).problems.map(({ message }) =>
      message.replace(`${path}:`, "").replaceAll(directory.path, "~"),
    );
  return { directory, check, problems };
}

const problemsOf = async (text: string, files?: Files): Promise<string[]> =>
  (await open(text, files)).problems();

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

describe("files that the configuration names", () => {
  const unreadable = [
    ["no.asc", "cannot read ~/no.asc: there is no such file"],
    ["www", "cannot read ~/www: it is a directory"],
    ["key.asc/x", "cannot read ~/key.asc/x: a part of its path is not a directory"],
  ] as const;
  const tlsKeys = ["ca_cert_file", "client_cert_file", "client_key_file"] as const;
  const settings = ["pgp_key_path", ...tlsKeys.map((name) => `tls.${name}`)];

  test.each(
    settings.flatMap((setting) => unreadable.map(([file, fault]) => [setting, file, fault] as const)),
  )("%s = %j: %s", async (setting, file, fault) => {
    // client_cert_file and client_key_file come together.
    const other = { "tls.client_cert_file": "key", "tls.client_key_file": "cert" }[setting];
    const pair =
      other === undefined ? "" : `tls.client_${other}_file = "client.${other.replace("cert", "pem")}"\n`;
    const checked = setting === "pgp_key_path" ? "" : "\nno_pgp_check = true";
    const text = withMirror(`${setting} = "${file}"${checked}\n${pair}`);
    const problems = await problemsOf(text, { ...pem, "key.asc": key.publicKeyArmored });
    expect(problems).toEqual([`7:${setting.length + 4}: mirrors.noble.${setting}: ${fault}`]);
  });

  test.each([
    ["pgp_key_path", "none.txt", /^key file ~\/none\.txt: no OpenPGP public key found/],
    ["tls.ca_cert_file", "none.txt", /^~\/none\.txt has no certificate, expected PEM/],
    ["tls.ca_cert_file", "client.key", /^~\/client\.key has a private key, expected a certificate$/],
  ])("%s = %j: %s", async (setting, file, fault) => {
    const text = withMirror(
      `${setting} = "${file}"${setting === "pgp_key_path" ? "" : "\nno_pgp_check = true"}`,
    );
    const [problem, ...others] = await problemsOf(text, { ...pem, "none.txt": "<html>" });
    expect(problem?.replace(/^7:\d+: mirrors\.noble\.[a-z_.]+: /, "")).toMatch(fault);
    expect(others).toEqual([]);
  });

  test.each([
    ["client.pem", "~/client.pem has a certificate, expected a private key"],
    [
      "none.txt",
      "~/none.txt has no private key, expected PEM, which begins with -----BEGIN PRIVATE KEY-----",
    ],
    [
      "other.key",
      "the [tls] settings cannot be used: client_key_file does not belong to the certificate of client_cert_file",
    ],
  ])("client_key_file = %j: %s", async (file, fault) => {
    const text = `tls = { client_cert_file = "client.pem", client_key_file = "${file}" }\n${withMirror("no_pgp_check = true")}`;
    const files = { ...pem, "none.txt": "<html>", "other.key": certificates.server.key };
    expect(await problemsOf(text, files)).toEqual([`1:60: tls.client_key_file: ${fault}`]);
  });

  test.each([
    ["no.status", "cannot read ~/no.status: there is no such file"],
    ["none.txt", /^~\/none\.txt:1: .*, expected a copy of \/var\/lib\/dpkg\/status$/],
    ["empty", "~/empty lists no installed package, expected a copy of /var/lib/dpkg/status"],
  ])("profiles = [%j]: %s", async (file, fault) => {
    const text = `gates = { profiles = ["web.status", "${file}"] }\n${withMirror("no_pgp_check = true")}`;
    const web = "Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n";
    const [problem, ...others] = await problemsOf(text, {
      "web.status": web,
      "none.txt": "<html>",
      empty: "",
    });
    expect(problem?.replace(/^1:\d+: gates\.profiles\[1\]: /, "")).toMatch(fault);
    expect(others).toEqual([]);
  });

  test("are reported with all other mistakes, in the order of the file", async () => {
    const text = `max_conns = 0
dir = "/etc/hostname/x"
[mirrors.b]
url = "http://example.org"
suites = ["s/"]
pgp_key_path = ["key.asc", "no.asc"]
components = ["main"]
[mirrors.b.tls]
ca_cert_file = "none.txt"
[mirrors.c]
url = "http://example.org"
suites = ["s/"]
pgp_key_path = "no.gpg"
[tls]
client_cert_file = "no.pem"
client_key_file = ""
`;
    const problems = await problemsOf(text, { "key.asc": key.publicKeyArmored, "none.txt": "" });
    expect(problems.map((line) => line.split(" ", 2).join(" "))).toEqual([
      "1:13: max_conns:",
      "2:7: dir:",
      "6:28: mirrors.b.pgp_key_path[1]:",
      "7:1: unknown",
      "9:16: mirrors.b.tls.ca_cert_file:",
      "13:16: mirrors.c.pgp_key_path:",
      "15:20: tls.client_cert_file:",
      "16:19: tls.client_key_file",
    ]);
  });

  test("are checked once, also if several mirrors use them", async () => {
    const mirror = withMirror("no_pgp_check = true");
    const other = mirror.replace(/^dir.*\n/, "").replace("noble", "jammy");
    const text = `tls.ca_cert_file = "no.pem"\n${mirror}${other}`;
    expect(await problemsOf(text)).toEqual([
      "1:20: tls.ca_cert_file: cannot read ~/no.pem: there is no such file",
    ]);
  });

  test("do not matter if signatures are not checked", async () => {
    expect(await problemsOf(withMirror('pgp_key_path = "no.asc"\nno_pgp_check = true'))).toEqual([]);
  });

  test("end the check with an error that mirrorctl does not know", async () => {
    const site = await open(withMirror(`pgp_key_path = "${"k".repeat(300)}.asc"`));
    await expect(site.check()).rejects.toMatchObject({ code: "ENAMETOOLONG" });
  });

  test("that are links to themselves are named", async () => {
    const site = await open(withMirror('pgp_key_path = "key.asc"'));
    symlinkSync("key.asc", site.directory.join("key.asc"));
    expect(JSON.stringify(await site.check())).toContain(
      "key.asc: it is a symbolic link that leads to itself",
    );
  });
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
