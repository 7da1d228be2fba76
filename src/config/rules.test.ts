import { describe, expect, test } from "vitest";
import { load, problemsOf, withMirror } from "./inspect.fixture.ts";

describe("gates that no snapshot can pass", () => {
  test.each([
    [
      '[gates]\nrequire_packages = ["nginx", "linux-doc"]\n[mirrors.m.filters]\nexclude_patterns = ["-doc$"]',
      'gates.require_packages: found "linux-doc", which -doc$ in exclude_patterns of m leaves out',
    ],
    [
      '[gates]\nmax_release_age = "7d"\n[mirrors.m.gates]\nmin_staged = "1w"',
      "mirrors.m.gates.min_staged: found 7d, expected less than max_release_age, which is 7d",
    ],
    [
      "[mirrors.m.gates]\nmax_removed_percent = 101",
      "mirrors.m.gates.max_removed_percent: found 101, expected a number from 0 to 100",
    ],
    [
      "[mirrors.m.gates]\napprovals = -1",
      "mirrors.m.gates.approvals: found -1, expected a whole number of at least 0",
    ],
    ["[mirrors.m.gates]\ncommands = [[]]", "mirrors.m.gates.commands"],
    ['[mirrors.m.gates]\ncommands = [["./check"]]', "mirrors.m.gates.commands"],
    ['[mirrors.m.gates]\ncommand_time_limit = "0"', "mirrors.m.gates.command_time_limit: found"],
  ])("%j: %s", async (added, expected) => {
    expect(await problemsOf(withMirror(added))).toEqual([expect.stringContaining(expected)]);
  });
});

describe("options that contradict one another", () => {
  test.each([
    [
      'tls = { min_version = "1.3", max_version = "1.2" }',
      "1:44: tls.max_version: found TLSv1.2, expected no less than",
    ],
    [
      'tls.client_cert_file = "/c"',
      "1:1: tls.client_key_file is missing: expected a path, because client_cert_file",
    ],
    [
      'tls.client_key_file = "/k"',
      "1:1: tls.client_cert_file is missing: expected a path, because client_key_file",
    ],
    ['publish.staging = "current"', '1:1: publish.production: found "current", expected another name'],
    ['publish.production = "staging"', '1:22: publish.production: found "staging", expected another name'],
    ['snapshot.path = "/srv/apt/"', '1:17: snapshot.path: found "/srv/apt/", expected a directory apart'],
    ['snapshot.path = "/srv/apt/m/x"', "1:17: snapshot.path: found"],
    ['snapshot.path = "/srv/apt/.mirrorctl/s"', "1:17: snapshot.path: found"],
    ['snapshot.path = "/srv/apt/m/.."', "1:17: snapshot.path: found"],
  ])("%s: %s", async (line, expected) => {
    expect(await problemsOf(`${line}\n${withMirror()}`)).toEqual([expect.stringContaining(expected)]);
  });

  test.each([
    [
      '[tls]\nmax_version = "1.2"\n[mirrors.m.tls]\nmin_version = "1.3"',
      "mirrors.m.tls.max_version: found TLSv1.2",
    ],
    ['[mirrors.m.tls]\nclient_key_file = "/k"', "mirrors.m.tls.client_cert_file is missing"],
    [
      '[publish]\nstaging = "next"\n[mirrors.m.publish]\nproduction = "next"',
      "mirrors.m.publish.production: found",
    ],
    ['[mirrors.m.snapshot]\npath = "/srv/apt"', "mirrors.m.snapshot.path: found"],
  ])("are found in a mirror's tables combined with global ones: %j", async (added, expected) => {
    expect(await problemsOf(withMirror(added))).toEqual([expect.stringContaining(expected)]);
  });

  test.each(['client_key_file = "/k"', 'min_version = "1.3"\nmax_version = "1.2"'])(
    "are reported for the global table, not again for a mirror: %s",
    async (lines) => {
      const text = withMirror(`[tls]\n${lines}\n[mirrors.m.tls]\nserver_name = "a"`);
      expect(await problemsOf(text)).toHaveLength(1);
    },
  );

  test("are snapshot directories in dir, once for all mirrors that use them", async () => {
    const text = `snapshot.path = "/srv/apt"\n${withMirror(mirrorTables("b"))}`;
    expect(await problemsOf(text)).toHaveLength(1);
  });

  test("are snapshot directories that contain dir", async () => {
    const text = `snapshot.path = "/srv"\n${withMirror(mirrorTables("apt", "b"))}`;
    expect(await problemsOf(text)).toEqual([
      '1:17: snapshot.path: found "/srv", expected a directory apart from dir, those of mirrors and .mirrorctl: the snapshots of apt would be in /srv/apt',
    ]);
  });

  test.each([
    ["m", "/snap", "b", "/snap/m", "the snapshots of m, which are in /snap/m"],
    ["b", "/snap/m/x", "m", "/snap", "the snapshots of m, which are in /snap/m"],
    ["m", undefined, "b", "/srv/apt/.snapshots/m", "the snapshots of m, which are in /srv/apt/.snapshots/m"],
  ])(
    "are snapshots of one mirror inside those of another: %s in %s, %s in %s",
    async (a, pathOfA, b, pathOfB, fault) => {
      const paths = new Map([
        [a, pathOfA],
        [b, pathOfB],
      ]);
      const table = (id: string): string =>
        paths.get(id) === undefined ? "" : `[mirrors.${id}.snapshot]\npath = "${paths.get(id)}"\n`;
      expect(await problemsOf(withMirror(`${table("m")}${mirrorTables("b")}${table("b")}`))).toEqual([
        expect.stringMatching(
          new RegExp(`mirrors.b.snapshot.path: found .*, expected a directory apart from ${fault}: `),
        ),
      ]);
    },
  );

  test.each([
    [
      '["staging/"]',
      'mirrors.m.publish.staging: found "staging", expected a name that is not taken by the flat suite',
    ],
    ['["current/x/"]', 'mirrors.m.publish.production: found "current"'],
  ])("are links in the way of flat suites: %s", async (suites, expected) => {
    const text = withMirror().replace('["stable"]', suites);
    expect(await problemsOf(text)).toEqual([expect.stringContaining(expected)]);
  });

  test.each(["sections", "architectures"])("are suites that are not flat without %s", async (key) => {
    const text = withMirror()
      .replace('["stable"]', '["/", "stable"]')
      .replace(new RegExp(`^${key}.*\n`, "m"), "");
    expect(await problemsOf(text)).toEqual([expect.stringContaining(`2:10: mirrors.m.${key} is missing`)]);
  });
});

test("only a flat suite may have empty lists of sections and architectures", async () => {
  const text = withMirror().replace('["main"]', "[]").replace('["amd64"]', "[]");
  expect(await problemsOf(text)).toEqual([
    expect.stringMatching(/^5:12: mirrors\.m\.sections is missing/),
    expect.stringMatching(/^6:17: mirrors\.m\.architectures is missing/),
  ]);
  const { mirrors } = await load(text.replace('["stable"]', '["./"]'));
  expect(mirrors[0]).toMatchObject({ suites: ["./"], sections: [], architectures: [] });
});

test.each(['["../x/"]', '["$(ARCH)/"]', '["a b/", "sub/"]'])(
  "a flat suite that is refused needs no sections: %s",
  async (suites) => {
    const text = withMirror()
      .replace('["stable"]', suites)
      .replace(/^(?:sections|architectures).*\n/gm, "");
    expect(await problemsOf(text)).toEqual([expect.stringContaining("4:11: mirrors.m.suites[0]: found ")]);
  },
);

test.each([
  'tls = { min_version = "1.3", max_version = "1.3" }',
  'tls = { client_cert_file = "/c", client_key_file = "/k" }',
  'publish = { staging = "current", production = "staging" }',
  'snapshot.path = "/srv/apt/snapshots"',
  'snapshot.path = "/srv/apt-snapshots"',
  'snapshot.path = "/srv"',
  'snapshot.path = "/var/lib/mirrorctl/snapshots"',
])("%s is not a contradiction", async (line) => {
  await expect(load(`${line}\n${withMirror()}`)).resolves.toMatchObject({ dir: "/srv/apt" });
});

test("a pair is complete if the mirror sets the other half", async () => {
  const text = withMirror('[mirrors.m.tls]\nclient_cert_file = "/c"\nclient_key_file = "/k"');
  const config = await load(text);
  expect(config.mirrors[0]?.tls).toMatchObject({ clientCertFile: "/c", clientKeyFile: "/k" });
});

/** Returns complete mirrors of these names. */
function mirrorTables(...ids: readonly string[]): string {
  return ids
    .map((id) =>
      withMirror()
        .replace(/^dir.*\n/, "")
        .replace("[mirrors.m]", `[mirrors.${id}]`),
    )
    .join("\n");
}
