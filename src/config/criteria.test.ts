import { expect, test } from "vitest";
import { load } from "./inspect.fixture.ts";

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

test("leaves out a global gate that a mirror sets to nothing", async () => {
  expect(
    await criteriaOf('min_packages = 9\nrequire_packages = ["a"]', "min_packages = 0\nrequire_packages = []"),
  ).toEqual([complete]);
});
