import { describe, expect, test } from "vitest";
import { errorOf, problemsOf, withMirror } from "./inspect.fixture.ts";
import { mirrorTable } from "./options/mirror-options.ts";
import { configTable } from "./options/options.ts";
import { dotted } from "./problems.ts";

describe("a file that is not TOML", () => {
  test("is shown with line, column and caret", async () => {
    const error = await errorOf('dir = "/srv"\nmax_conns = = 3\n');
    expect(error.code).toBe("TOML_MALFORMED");
    expect(error.message).toMatch(/^\/etc\/mirrorctl\/mirror\.toml:2:\d+: not valid TOML: .+\n/);
    expect(error.message).toMatch(/\n2: {2}max_conns = = 3\n +\^/);
    expect(error.facts).toMatchObject({ path: "/etc/mirrorctl/mirror.toml", line: 2 });
  });

  test.each([
    ["a key said twice", "max_conns = 1\nmax_conns = 2"],
    ["a table said twice", "[log]\n[log]"],
    ["a number that is too large", "max_conns = 99999999999999999999"],
  ])("names %s", async (_, text) => {
    expect((await errorOf(text)).code).toBe("TOML_MALFORMED");
  });

  test("does not show credentials", async () => {
    const error = await errorOf('[mirrors.m]\nurl = "https://user:secret@example.org/\n');
    expect(error.message).toContain("@example.org");
    expect(error.message).not.toContain("secret");
  });
});

describe("unknown keys", () => {
  test.each([
    ["suitess = []", "7:1: unknown key mirrors.m.suitess (did you mean suites?)"],
    ["[mirror.x]\nurl = 1", "7:2: unknown key mirror (did you mean mirrors?)"],
    ["[log]\nlevle = 1", "8:1: unknown key log.levle (did you mean level?)"],
    [
      "[mirrors.m.filters]\nkeep = 1",
      "8:1: unknown key mirrors.m.filters.keep (known here: keep_versions, keep_source_versions, exclude_patterns)",
    ],
    ["keep_last = 1", "7:1: unknown key mirrors.m.keep_last (did you mean snapshot.prune.keep_last?)"],
    ['"a b".c = 1', '7:1: unknown key mirrors.m."a b" (known here: url, '],
    [
      "filters = { keep_version = 1 }",
      "7:13: unknown key mirrors.m.filters.keep_version (did you mean keep_versions?)",
    ],
    [
      "filters.keep_version = 1",
      "7:9: unknown key mirrors.m.filters.keep_version (did you mean keep_versions?)",
    ],
    [
      "[mirrors.m.gates]\nmin_package = 1",
      "8:1: unknown key mirrors.m.gates.min_package (did you mean min_packages?)",
    ],
    ["colour = true", "7:1: unknown key mirrors.m.colour (known here: url, "],
    ["constructor = 1", "7:1: unknown key mirrors.m.constructor (known here: url, "],
    ["__proto__ = 1", "7:1: unknown key mirrors.m.__proto__ (known here: url, "],
  ])("%j: %s", async (added, expected) => {
    const problems = await problemsOf(withMirror(added));
    expect(problems).toEqual([expect.stringContaining(expected)]);
  });
});

describe("keys of sources.list, of its deb822 form and of other tools", () => {
  test.each([
    ["components", "did you mean sections?"],
    ["Components", "did you mean sections?"],
    ["component", "did you mean sections?"],
    ["section", "did you mean sections?"],
    ["archs", "did you mean architectures?"],
    ["arch", "did you mean architectures?"],
    ["release", "did you mean suites?"],
    ["distribution", "did you mean suites?"],
    ["dist", "did you mean suites?"],
    ["uri", "did you mean url?"],
    ["URIs", "did you mean url?"],
    ["types", "did you mean mirror_source?"],
    ["deb-src", "did you mean mirror_source?"],
    ["signed-by", "did you mean pgp_key_path, for files with keys, or signed_by, for fingerprints?"],
    ["Signed-By", "did you mean pgp_key_path, for files with keys, or signed_by, for fingerprints?"],
    ["keyring", "did you mean pgp_key_path, for files with keys, or signed_by, for fingerprints?"],
    ["trusted", "did you mean no_pgp_check?"],
    ["check-valid-until", "did you mean allow_expired?"],
    ["enabled", "comment it out"],
  ])("%s in a mirror: %s", async (key, expected) => {
    const problems = await problemsOf(withMirror(`${key} = "x"`));
    expect(problems).toEqual([expect.stringContaining(`7:1: unknown key mirrors.m.${key} (`)]);
    expect(problems).toEqual([expect.stringContaining(expected)]);
  });

  test.each([
    ["nthreads", "did you mean max_conns?"],
    ["base_path", "did you mean dir?"],
    ["suites", "did you mean mirrors.<id>.suites?"],
    ["keep_versions", "did you mean mirrors.<id>.filters.keep_versions?"],
  ])("%s at the top: %s", async (key, expected) => {
    const problems = await problemsOf(`${key} = 1\n${withMirror()}`);
    expect(problems).toEqual([expect.stringContaining(`1:1: unknown key ${key} (${expected}`)]);
  });

  test("get suggestions that are keys, and are not keys themselves", () => {
    for (const { words = {}, entries } of [mirrorTable, configTable]) {
      for (const [word, answer] of Object.entries(words)) {
        expect(Object.keys(entries)).not.toContain(word);
        const [, keys = ""] = /^did you mean (.*)\?/.exec(answer) ?? [];
        for (const name of keys.match(/[a-z_0-9.]*_[a-z_0-9.]*|^\w+$/g) ?? [])
          expect(Object.keys(entries)).toContain(name.split(".")[0]);
      }
    }
  });
});

describe("values of the wrong type", () => {
  test.each([
    ["5", "found 5"],
    ["1.5", "found 1.5"],
    ["nan", "found NaN"],
    ["true", "found true"],
    ["1979-05-27", "found the date or time 1979-05-27"],
    ["07:32:00", "found the date or time 07:32:00"],
    ["1979-05-27T07:32:00Z", "found the date or time 1979-05-27T07:32:00"],
    ["[]", "found an empty list"],
    ['["a"]', "found a list"],
    ["{ a = 1 }", "found a table"],
    ['"debag"', 'found "debag"'],
  ])("log.level = %s: %s", async (value, found) => {
    const [problem] = await problemsOf(`dir = "/srv"\n[log]\nlevel = ${value}`);
    expect(problem).toContain(`3:9: log.level: ${found}`);
    expect(problem).toMatch(/, expected "debug", "info", "warn" or "error"$/);
  });

  test.each([
    ["max_conns = 0", "1:13: max_conns: found 0, expected a whole number of at least 1: there is no number"],
    ["max_conns = -1", "1:13: max_conns: found -1, expected a whole number of at least 1"],
    ["max_conns = 1.5", "1:13: max_conns: found 1.5, expected a whole number"],
    ['max_conns = "10"', '1:13: max_conns: found "10", expected a whole number'],
    ["log = 1", "1:7: log: found 1, expected a table"],
    ["[[log]]", "1:3: log: found a list, expected a table"],
    ["mirrors = []", "1:11: mirrors: found an empty list, expected tables"],
    ["mirrors.a = 1", "1:13: mirrors.a: found 1, expected a table"],
    ["tls.insecure_skip_verify = 1", "1:28: tls.insecure_skip_verify: found 1, expected true or false"],
    ['tls.min_version = "1.1"', '1:19: tls.min_version: found "1.1", expected "1.2" or "1.3"'],
    ['tls.cipher_suites = ["TLS_RSA_WITH_RC4_128_SHA"]', "1:22: tls.cipher_suites[0]: found "],
    ['tls.server_name = "https://x"', "1:19: tls.server_name: found "],
    [
      "snapshot.prune.keep_rollbacks = -1",
      "1:33: snapshot.prune.keep_rollbacks: found -1, expected a whole number",
    ],
    ["snapshot.prune.keep_last = -1", "1:28: snapshot.prune.keep_last: found -1, expected a whole number"],
    [
      'snapshot.prune.keep_within = "-1d"',
      '1:30: snapshot.prune.keep_within: found "-1d", expected a duration',
    ],
    ['snapshot.path = "snapshots"', '1:17: snapshot.path: found "snapshots", expected an absolute path'],
    ['snapshot.default_name_format = "2006/01"', 'the name "2023/01", which contains "/"'],
    ['publish.staging = "a/b"', '1:19: publish.staging: found "a/b", expected a name'],
    ['publish.production = "pool"', '1:22: publish.production: found "pool", expected a name'],
  ])("%s: %s", async (line, expected) => {
    const problems = await problemsOf(line, {
      MIRRORCTL_DIR: "/srv",
    });
    expect(problems).toEqual([expect.stringContaining(expected)]);
  });

  test.each([
    ["suites = 1", "found 1, expected a list"],
    ['suites = "stable"', 'found "stable", expected a list'],
    ["suites = []", "found an empty list, expected a list with at least one item"],
    ["sections = [18]", "sections[0]: found 18, expected a list"],
    ['url = "example.org"', 'found "example.org", expected an http or https URL'],
    ["url = []", "found an empty list, expected an http or https URL, or a list of them"],
    ['signed_by = "871920D1991BC93C"', "expected a fingerprint of 40 or 64"],
    ['signed_by = "/etc/apt/keyrings/a.gpg"', "pgp_key_path names files with keys"],
    ['url = "http://example.org/$(ARCH)"', 'url: found "http://example.org/$(ARCH)", expected an http or'],
    [
      'architectures = ["amd64", "source"]',
      'architectures[1]: found "source", expected an architecture such',
    ],
    [
      'filters.exclude_patterns = ["a", "("]',
      'exclude_patterns[1]: found "(", expected a regular expression: ',
    ],
    ['pgp_key_path = "~other/key.asc"', 'found "~other/key.asc", expected the path of a file'],
  ])("mirrors.m.%s: %s", async (line, expected) => {
    const key = line.split(" ", 1)[0] ?? "";
    const text = withMirror().replace(new RegExp(`^${key} .*\n`, "m"), "") + line;
    expect(await problemsOf(text)).toEqual([expect.stringContaining(expected)]);
  });

  test("ids of mirrors", async () => {
    const problems = await problemsOf(withMirror().replace("[mirrors.m]", "[mirrors.Ubuntu]"));
    expect(problems).toEqual([
      expect.stringContaining('2:10: mirrors.Ubuntu: found "Ubuntu", expected the id of a'),
    ]);
  });

  test("do not show credentials", async () => {
    const { message, facts } = await errorOf(withMirror().replace("http://", "ftp://user:secret@"));
    expect(message).toContain('found "ftp://***********@example.org/debian"');
    expect(JSON.stringify(facts)).not.toContain("secret");
  });
});

describe("missing keys", () => {
  test("dir has no position in the file", async () => {
    const { message } = await errorOf("");
    expect(message).toMatch(/^\/etc\/mirrorctl\/mirror\.toml: dir is missing: expected an absolute path/);
  });

  test("of a mirror are named at its header", async () => {
    const problems = await problemsOf('dir = "/srv"\n[mirrors.m.filters]\n[mirrors.m]\n');
    expect(problems).toEqual([
      expect.stringMatching(/^3:10: mirrors\.m\.url is missing: expected an http/),
      expect.stringMatching(/^3:10: mirrors\.m\.suites is missing: expected a list/),
      expect.stringMatching(/^3:10: mirrors\.m\.sections is missing: expected a list .* only flat suites/),
      expect.stringMatching(
        /^3:10: mirrors\.m\.architectures is missing: expected a list .* only flat suites/,
      ),
    ]);
  });
});

describe("a file with several problems", () => {
  test("has one error with a line for each, in the order of the file, variables first", async () => {
    const text =
      'dir = "apt"\n[mirrors.b]\nurl = 1\nsuites = ["../x"]\nsections = ["main"]\nx = 1\n[log]\nlevel = "no"\n';
    const error = await errorOf(text, { MIRRORCTL_MAX_CONNS: "many" });
    expect(error).toMatchObject({ code: "CONFIG_INVALID", area: "config", facts: { count: 7 } });
    const starts = error.message.split("\n").map((line) => line.replace(/: .*/, ""));
    const positions = ["1:7", "2:10", "3:7", "4:11", "6:1", "8:9"];
    expect(starts).toEqual([
      "MIRRORCTL_MAX_CONNS",
      ...positions.map((position) => `/etc/mirrorctl/mirror.toml:${position}`),
    ]);
  });
});

test.each([
  [["mirrors", "ubuntu-noble", "suites", 1], "mirrors.ubuntu-noble.suites[1]"],
  [["a b", "c.d"], '"a b"."c.d"'],
  [["log"], "log"],
])("the path %j is written %s", (path, expected) => {
  expect(dotted(path)).toBe(expected);
});
