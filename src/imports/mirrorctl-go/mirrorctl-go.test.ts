import { expect, test } from "vitest";
import { readToml } from "../../config/index.ts";
import { everythingSaid, mirrorsOf, remarked } from "../imports.fixture.ts";
import { importMirrorctlGo } from "./mirrorctl-go.ts";

const imported = async (text: string) =>
  importMirrorctlGo({ ...(await readToml({ path: "/etc/go/mirror.toml", text })), folder: "/etc/go" });

const config = `dir = "/var/www/apt/"
max_conns = 7

[log]
level = "warn"
colour = true

[tls]
min_version = "1.3"
ca_cert_file = "ca.pem"

[snapshot]
path = "/var/lib/mirrorctl/snapshots"
default_name_format = "2006-01-02T15-04-05Z"

[snapshot.prune]
keep_last = 5

[mirrors.ubuntu-noble]
url = "https://archive.ubuntu.com/ubuntu/"
suites = ["noble"]
sections = ["main"]
architectures = ["amd64"]
mirror_source = true
pgp_key_path = "keys/ubuntu.gpg"
publish_to_staging = true  # with each sync

[mirrors.ubuntu-noble.filters]
keep_versions = 2
exclude_patterns = ["^linux-.*-dbg$", '(?P<x>a)/b']

[mirrors.ubuntu-noble.snapshot]

[mirror."Old.One"]
url = "http://ada:s3cret@h.example/d"
suites = ["./"]
no_pgp_check = true
`;

test("takes over what means the same", async () => {
  const found = await imported(config);
  expect(mirrorsOf(found)).toEqual({
    "ubuntu-noble": {
      url: "https://archive.ubuntu.com/ubuntu/",
      suites: ["noble"],
      sections: ["main"],
      architectures: ["amd64"],
      mirror_source: true,
      pgp_key_path: "/etc/go/keys/ubuntu.gpg",
      publish_to_staging: true,
      filters: { keep_versions: 2, exclude_patterns: ["^linux-.*-dbg$", String.raw`(?:a)\/b`] },
      snapshot: {},
    },
    "old-one": { url: "http://h.example/d/", suites: ["./"], no_pgp_check: true },
  });
  expect(found.settings).toEqual({
    values: { max_conns: 7 },
    tables: {
      log: { level: "warn" },
      tls: { min_version: "1.3", ca_cert_file: "/etc/go/ca.pem" },
      snapshot: { default_name_format: "2006-01-02T15-04-05Z" },
      "snapshot.prune": { keep_last: 5 },
    },
  });
  expect(found.credentials).toEqual([{ origin: "http://h.example", login: "ada", password: "s3cret" }]);
  expect(everythingSaid(found)).not.toContain("s3cret");
});

test("says what does not, with the line", async () => {
  const found = await imported(config);
  expect(remarked(found, "dropped")).toEqual(["line 6: log.colour = true"]);
  expect(remarked(found, "changed")).toEqual([
    'line 1: dir = "/var/www/apt/"',
    'line 13: snapshot.path = "/var/lib/mirrorctl/snapshots"',
    "line 34: mirror Old.One",
  ]);
});

test.each([
  ['url = "ftp://h.example/d"\nsuites = ["s"]', ["line 1: mirror m", "line 2: ftp://h.example/d"]],
  ['suites = ["s"]', ["line 1: mirror m"]],
  [
    'url = "http://h.example/d"\nsuites = ["s/"]\nfilters.exclude_patterns = ["(?i)x"]',
    ['line 4: mirrors.m.filters.exclude_patterns = ["(?i)x"]'],
  ],
  [
    'url = "http://h.example/d"\nsuites = ["s/"]\npgp_key_path = 1979-05-27\nconstructor = 1',
    ['line 4: mirrors.m.pgp_key_path = "1979-05-27"', "line 5: mirrors.m.constructor = 1"],
  ],
])("drops what has no counterpart: %s", async (keys, expected) => {
  expect(remarked(await imported(`[mirrors.m]\n${keys}\n`), "dropped")).toEqual(expected);
});

test("a configuration without mirrors has none", async () => {
  expect((await imported("mirrors = 1\nmirror = [1]\n__proto__ = 1\n")).mirrors).toEqual([]);
});
