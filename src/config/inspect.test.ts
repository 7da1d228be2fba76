import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { MirrorConfig } from "./config.ts";
import { load, withMirror } from "./inspect.fixture.ts";
import { selectMirrors } from "./select.ts";
import { workflowExample } from "./workflow-example.fixture.ts";

async function loadMirror(text: string): Promise<MirrorConfig> {
  const [mirror] = selectMirrors(await load(text), []);
  if (mirror === undefined) throw new Error("the text has no mirror");
  return mirror;
}

describe("parseConfig", () => {
  test("loads the example of the staging and production workflow", async () => {
    expect(await load(workflowExample)).toEqual({
      path: "/etc/mirrorctl/mirror.toml",
      dir: "/var/www/apt",
      maxConns: 10,
      log: { level: "info", format: "text" },
      mirrors: [
        {
          id: "ubuntu-noble",
          urls: ["https://archive.ubuntu.com/ubuntu/"],
          suites: ["noble"],
          sections: ["main"],
          architectures: ["amd64"],
          source: false,
          pgpCheck: true,
          pgpKeyPaths: [],
          signedBy: [],
          publishToStaging: true,
          filters: { keepVersions: 0, excludePatterns: [] },
          snapshot: {
            skipUnchanged: false,
            path: "/var/lib/mirrorctl/snapshots",
            nameFormat: "2006-01-02T15-04-05Z",
            prune: { keepLast: 5, keepWithinMs: undefined, keepRollbacks: 1 },
          },
          snapshotEachSync: true,
          publish: { staging: "staging", production: "current", working: false, graceMs: 86_400_000 },
          criteria: [{ gate: "complete" }],
          tls: {
            minVersion: "TLSv1.2",
            maxVersion: undefined,
            insecureSkipVerify: false,
            caCertFile: undefined,
            clientCertFile: undefined,
            clientKeyFile: undefined,
            cipherSuites: [],
            serverName: undefined,
          },
          allow: {
            missing: false,
            expired: false,
            expiredKeys: false,
            older: false,
            future: false,
            renamed: false,
            weak: false,
          },
          kinds: { contents: true, translations: true, dep11: true, cnf: true, installer: false },
        },
      ],
      notify: [],
    });
  });

  test("loads examples/mirror.toml with its mirrors in order", async () => {
    const config = await load(await readFile(new URL("../../examples/mirror.toml", import.meta.url), "utf8"));
    const ids = config.mirrors.map((mirror) => mirror.id);
    expect(ids).toEqual(["ubuntu-noble", "debian-trixie", "grafana", "kubernetes", "internal"]);
    expect(config.mirrors.map((mirror) => mirror.snapshot.prune.keepLast)).toEqual([5, 5, 2, 5, 5]);
    expect(config.mirrors[2]?.signedBy).toEqual(["B53AE77BADB630A683046005963FA27710458545"]);
    expect(config.mirrors[4]?.tls.minVersion).toBe("TLSv1.3");
  });

  test("treats empty texts as keys that are not set, as the Go version does", async () => {
    const plain = await load(`snapshot = {}\n${withMirror()}`);
    const empty = [
      'log = { level = "", format = "" }',
      'tls = { min_version = "", max_version = "", ca_cert_file = "", client_cert_file = "", client_key_file = "", server_name = "" }',
      'snapshot = { path = "", default_name_format = "", prune = { keep_within = "" } }',
    ].join("\n");
    expect(await load(`${empty}\n${withMirror('[mirrors.m.tls]\nmax_version = ""')}`)).toEqual(plain);
  });

  test.each(['dir = ""', 'url = ""', 'pgp_key_path = ""', 'publish.staging = ""'])(
    "does not treat %s as a key that is not set",
    async (line) => {
      const key = line.split(" ", 1)[0] ?? "";
      const text = withMirror().replace(new RegExp(`^${key} .*\n`, "m"), "");
      await expect(load(key === "dir" ? `${line}\n${text}` : `${text}${line}`)).rejects.toThrow(
        `${key}: found ""`,
      );
    },
  );

  test("reads every key of a mirror", async () => {
    const mirror = await loadMirror(`dir = "/srv/apt"
[mirrors.m]
url = ["https://user:secret@a.example/x", "http://b.example/x/"]
suites = ["stable", "stable/updates", "stable"]
sections = ["main", "updates/main", "main"]
architectures = ["amd64", "all", "amd64"]
mirror_source = true
pgp_key_path = ["/k/a.asc", "~/b.gpg", "keys/c.asc"]
signed_by = ["0123 4567 89ab cdef 0123  4567 89ab cdef 0123 4567!"]
no_pgp_check = true
allow_missing = true
allow_expired = true
allow_older = true
allow_future = true
allow_renamed = true
allow_expired_keys = true
allow_weak = true
contents = false
translations = false
dep11 = false
cnf = false
installer = true
filters = { keep_versions = 2, exclude_patterns = ["^linux-", "-dbg$"] }
publish = { staging = "next", production = "live", working = true, grace = "1h" }
gates = { min_packages = 5000, require_packages = ["openssl", "nginx"] }
[mirrors.m.tls]
min_version = "1.2"
max_version = "1.3"
insecure_skip_verify = true
ca_cert_file = "ca.pem"
client_cert_file = "~/c.pem"
client_key_file = "/k.pem"
cipher_suites = ["TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"]
server_name = "apt.example.org"
[mirrors.m.snapshot]
path = "~/snapshots/"
default_name_format = "20060102"
prune = { keep_last = 0, keep_within = "2w", keep_rollbacks = 3 }
`);
    expect(mirror).toEqual({
      id: "m",
      urls: ["https://user:secret@a.example/x/", "http://b.example/x/"],
      suites: ["stable", "stable/updates"],
      sections: ["main", "updates/main"],
      architectures: ["amd64", "all"],
      source: true,
      pgpCheck: false,
      pgpKeyPaths: ["/k/a.asc", "/home/admin/b.gpg", "/etc/mirrorctl/keys/c.asc"],
      signedBy: ["0123456789ABCDEF0123456789ABCDEF01234567!"],
      publishToStaging: false,
      filters: { keepVersions: 2, excludePatterns: [/^linux-/, /-dbg$/] },
      snapshot: {
        skipUnchanged: false,
        path: "/home/admin/snapshots",
        nameFormat: "20060102",
        prune: { keepLast: 0, keepWithinMs: 14 * 86_400_000, keepRollbacks: 3 },
      },
      snapshotEachSync: true,
      publish: { staging: "next", production: "live", working: true, graceMs: 3_600_000 },
      criteria: [
        { gate: "complete" },
        { gate: "min_packages", packages: 5000 },
        { gate: "require_packages", names: ["openssl", "nginx"] },
      ],
      tls: {
        minVersion: "TLSv1.2",
        maxVersion: "TLSv1.3",
        insecureSkipVerify: true,
        caCertFile: "/etc/mirrorctl/ca.pem",
        clientCertFile: "/home/admin/c.pem",
        clientKeyFile: "/k.pem",
        cipherSuites: ["TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
        serverName: "apt.example.org",
      },
      allow: {
        missing: true,
        expired: true,
        expiredKeys: true,
        older: true,
        future: true,
        renamed: true,
        weak: true,
      },
      kinds: { contents: false, translations: false, dep11: false, cnf: false, installer: true },
    });
  });

  test("a mirror's tables override the global ones key by key", async () => {
    const mirror = await loadMirror(`dir = "/srv/apt"
snapshot = { skip_unchanged = true, path = "/snap", default_name_format = "2006", prune = { keep_last = 7, keep_within = "1d", keep_rollbacks = 2 } }
publish = { staging = "next", grace = "1h" }
tls = { min_version = "1.3", ca_cert_file = "/ca.pem" }
[mirrors.m]
url = "http://example.org/"
suites = ["./"]
[mirrors.m.snapshot]
default_name_format = "2006-01"
prune.keep_last = 0
[mirrors.m.publish]
production = "live"
[mirrors.m.tls]
server_name = "x"
min_version = "1.2"
`);
    expect(mirror.snapshot).toEqual({
      skipUnchanged: true,
      path: "/snap",
      nameFormat: "2006-01",
      prune: { keepLast: 0, keepWithinMs: 86_400_000, keepRollbacks: 2 },
    });
    expect(mirror.publish).toEqual({
      staging: "next",
      production: "live",
      working: false,
      graceMs: 3_600_000,
    });
    expect(mirror.tls).toMatchObject({ minVersion: "TLSv1.2", caCertFile: "/ca.pem", serverName: "x" });
  });

  test.each([
    ["nothing said", withMirror(), false],
    ["an empty global table", withMirror("[snapshot]"), true],
    ["only a global rule of retention", withMirror("[snapshot.prune]\nkeep_last = 1"), true],
    ["an empty table of the mirror", withMirror("[mirrors.m.snapshot]"), true],
    ["publish_to_staging", withMirror("publish_to_staging = true"), true],
    ["publish_to_staging = false", withMirror("publish_to_staging = false"), false],
  ])("knows whether each sync makes a snapshot, with %s", async (_, text, expected) => {
    const mirror = await loadMirror(text);
    expect(mirror.snapshotEachSync).toBe(expected);
    expect(mirror.snapshot.path).toBe("/srv/apt/.snapshots");
  });

  test.each([
    ["nothing said", withMirror(), true],
    ["snapshots", withMirror("[snapshot]"), false],
    ["publish_to_staging", withMirror("publish_to_staging = true"), false],
    ["snapshots, and working = true", withMirror("[snapshot]\n[publish]\nworking = true"), true],
    ["working = false", withMirror("[mirrors.m.publish]\nworking = false"), false],
  ])("knows whether the working mirror is public, with %s", async (_, text, expected) => {
    expect((await loadMirror(text)).publish.working).toBe(expected);
  });

  test.each([
    ["/srv/apt", "/srv/apt"],
    ["/srv/apt///", "/srv/apt"],
    ["/srv//x/../apt/.", "/srv/apt"],
    ["~", "/home/admin"],
    ["~/apt/", "/home/admin/apt"],
  ])("dir %s is %s", async (dir, expected) => {
    expect(await load(`dir = "${dir}"`)).toMatchObject({ dir: expected, mirrors: [] });
  });

  test("accepts flat suites without sections and architectures", async () => {
    const mirror = await loadMirror(
      'dir = "/srv/apt"\n[mirrors.m]\nurl = "http://example.org"\nsuites = ["/", "./", "binary/"]\n',
    );
    expect(mirror).toMatchObject({ suites: ["/", "./", "binary/"], sections: [], architectures: [] });
  });

  test("accepts mirrors whose ids are names of object members", async () => {
    const mirror = await loadMirror(withMirror().replace("[mirrors.m]", "[mirrors.constructor]"));
    expect(mirror.id).toBe("constructor");
  });

  test("is frozen at every level", async () => {
    const config = await load(workflowExample);
    const mirror = config.mirrors[0];
    const parts = [
      config,
      config.log,
      config.mirrors,
      mirror,
      mirror?.suites,
      mirror?.snapshot.prune,
      mirror?.tls,
    ];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
  });
});
