import { expect, test } from "vitest";
import { load, problemsOf } from "./inspect.fixture.ts";

/** Returns the criteria of a mirror: those of the global table, with those of the mirror. */
async function criteriaOf(global: string, own: string): Promise<readonly unknown[]> {
  const { mirrors } = await load(`dir = "/srv/apt"
[gates]
${global}
[mirrors.m]
url = "http://example.org/debian"
suites = ["stable"]
sections = ["main"]
architectures = ["amd64"]
[mirrors.m.gates]
${own}
`);
  return mirrors[0]?.criteria ?? [];
}

const complete = { gate: "complete" };

test("tests every snapshot for completeness", async () => {
  expect(await criteriaOf("", "")).toEqual([complete]);
});

test("applies the global gates, and overrides them key by key", async () => {
  expect(await criteriaOf('min_packages = 9\nrequire_packages = ["a"]', "min_packages = 5")).toEqual([
    complete,
    { gate: "min_packages", packages: 5 },
    { gate: "require_packages", names: ["a"] },
  ]);
});

test("keeps what is exempt with the cooldown, and nothing without one", async () => {
  const exempt = 'exempt = ["mirror:*-security", "source:ca-certificates", "fixes:cve"]';
  expect(await criteriaOf(`min_package_age = "7d"\n${exempt}`, "")).toEqual([
    complete,
    {
      gate: "min_package_age",
      ageMs: 7 * 24 * 3_600_000,
      exempt: [
        { kind: "mirror", glob: "*-security" },
        { kind: "source", glob: "ca-certificates" },
        { kind: "fixes-cve" },
      ],
    },
  ]);
  expect(await criteriaOf(exempt, "")).toEqual([complete]);
});

test("leaves out a global gate that a mirror sets to nothing", async () => {
  expect(
    await criteriaOf('min_packages = 9\nrequire_packages = ["a"]', "min_packages = 0\nrequire_packages = []"),
  ).toEqual([complete]);
});

test("tests machines that install from other mirrors, and from no mirror twice", async () => {
  const { mirrors } = await load(`dir = "/srv/apt"
[gates]
installable = ["nginx", "postgresql (>= 16)"]
no_new_uninstallable = true
with = ["security"]
foreign = ["i386"]
ignore = ["webext-*"]
${["debian", "security"].map(tableOf).join("\n")}`);
  const machines = { with: ["security"], foreign: ["i386"] };
  const ignore = { ignore: ["webext-*"], ignoreReason: undefined };
  expect(mirrors.map(({ criteria }) => criteria)).toEqual(
    [machines, { ...machines, with: [] }].map((its) => [
      complete,
      { gate: "installable", names: ["nginx", "postgresql (>= 16)"], ...its },
      { gate: "no_new_uninstallable", ...ignore, ...its },
    ]),
  );
});

const tableOf = (id: string): string => `[mirrors.${id}]
url = "http://example.org/debian"
suites = ["stable"]
sections = ["main"]
architectures = ["amd64"]`;

test.each([
  [
    `[gates]\nwith = ["secruity"]\n${tableOf("a")}`,
    '3:9: gates.with[0]: found "secruity", expected another mirror of this file: a',
  ],
  [
    `${tableOf("a")}\n[mirrors.a.gates]\nwith = ["a"]`,
    '8:9: mirrors.a.gates.with[0]: found "a", expected another mirror of this file: nothing: there is no other mirror',
  ],
  [
    `[gates]\ninstallable = ["a, b"]\n${tableOf("a")}`,
    '3:16: gates.installable[0]: found "a, b", expected a dependency',
  ],
])("refuses other mirrors and dependencies that cannot be: case %#", async (text, expected) => {
  expect(await problemsOf(`dir = "/srv/apt"\n${text}`)).toEqual([expect.stringContaining(expected)]);
});

test("a relative path of a profile begins at the folder of the configuration", async () => {
  const given = 'profiles = ["profiles/web.status", "/srv/db.status"]\nallow_remove = ["old-*"]';
  const [, profiles] = await criteriaOf(given, 'apt = ["nginx", "grub-pc:amd64"]');
  expect(profiles).toEqual({ gate: "apt", names: ["nginx", "grub-pc:amd64"], with: [], foreign: [] });
  expect((await criteriaOf(given, "")).at(1)).toEqual({
    gate: "profiles",
    files: [expect.stringMatching(/^\/.*\/profiles\/web\.status$/), "/srv/db.status"],
    allowRemove: ["old-*"],
    with: [],
  });
});
