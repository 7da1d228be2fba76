/** With the apt of this machine; test/e2e/gates has the newer ones. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createSigningKey, type FakeUpstream } from "../../../../test/support/index.ts";
import type { SnapshotTestAnswer } from "../../../report/json/schemas/gates.ts";
import { openMirrors } from "../../verify/test-support.ts";
import { find, gateOf, tellStory } from "../test-support.ts";
import { statusFile } from "./test-support.ts";

test("apt passes if a new machine can install the packages", async () => {
  const found = await gateOf("apt", { apt: ["hello", "tool"] }, (upstream) =>
    upstream
      .suite("stable")
      .addPackage("hello", "2.0-1", { fields: { Depends: "libhello" } })
      .addPackage("libhello", "1"),
  );
  expect(found).toMatchObject({
    verdict: "passed",
    measured: 0,
    details: [],
    text: { measured: "no complaint", allowed: "no complaint", todo: [] },
  });
});

test("apt fails if a package cannot be installed, and quotes the reason", async () => {
  const { verdict, details, text } = await gateOf("apt", { apt: ["hello"] }, (upstream) =>
    upstream.suite("stable").addPackage("hello", "2.0-1", { fields: { Depends: "nowhere" } }),
  );
  expect(verdict).toBe("failed");
  const messages = details.map(({ message }) => message);
  expect(messages).toContainEqual(expect.stringMatching(/^amd64: .*hello : Depends: nowhere/));
  expect(text.todo.join("\n")).toContain("snapshot installable m --snapshot new hello --why");
});

test("apt fails if no key of the mirror signed the suite; names no temporary path", async () => {
  const story = await tellStory({ apt: ["hello"] });
  const other = await createSigningKey();
  writeFileSync(story.mirrors.keyFile, other.publicKeyArmored);
  const { details, verdict } = find((await story.test()).gates, "apt");
  expect(verdict).toBe("failed");
  expect(details.map(({ message }) => message)).toContain(
    "amd64: E: The repository 'm stable InRelease' is not signed.",
  );
});

test("apt installs from the production of other mirrors too", async () => {
  const mirrors = await openMirrors();
  const gates = { apt: ["hello"], profiles: ["web.status"], with: ["base"] };
  mirrors.configure({ m: { gates }, base: { suites: ["base"] } });
  writeFileSync(join(dirname(mirrors.keyFile), "web.status"), statusFile(["hello 0.9"]));
  mirrors.upstream.suite("stable").addPackage("hello", "2.0-1", { fields: { Depends: "libbase" } });
  mirrors.upstream.suite("base").addPackage("libbase", "1");
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "new", "--stage"]);
  const { out } = await mirrors.run(["--json", "snapshot", "test", "m"]);
  expect(
    (JSON.parse(out) as SnapshotTestAnswer).gates.map(({ gate, verdict }) => `${gate} ${verdict}`),
  ).toEqual(["complete passed", "apt passed", "profiles passed"]);
});

test("passes of apt and profiles end when the first suite expires", async () => {
  const validUntil = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 7 * 86_400_000);
  const { mirrors, test: run } = await tellStory(
    { apt: ["hello"], profiles: ["web.status"] },
    (upstream) => void Object.assign(upstream.suite("stable").options, { validUntil }),
  );
  writeFileSync(join(dirname(mirrors.keyFile), "web.status"), statusFile(["hello 0.9"]));
  const { gates } = await run();
  for (const name of ["apt", "profiles"])
    expect(find(gates, name)).toMatchObject({ verdict: "passed", until: validUntil.toISOString() });
});

test("passes of apt and profiles end with the keys of the mirrors beside", async () => {
  const mirrors = await openMirrors();
  const gates = { apt: ["hello"], profiles: ["web.status"], with: ["base"] };
  mirrors.configure({ m: { gates }, base: { suites: ["base"] } });
  writeFileSync(join(dirname(mirrors.keyFile), "web.status"), statusFile(["hello 0.9"]));
  mirrors.upstream.suite("base").addPackage("libbase", "1");
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "new", "--stage"]);
  const timesOf = async (status: 0 | 3) => {
    mirrors.aheadMs += 60_000;
    const { out } = await mirrors.run(["--json", "snapshot", "test", "m"], status);
    return new Map((JSON.parse(out) as SnapshotTestAnswer).gates.map(({ gate, at }) => [gate, at]));
  };
  const first = await timesOf(0);
  expect(await timesOf(0)).toEqual(first);
  const other = join(dirname(mirrors.keyFile), "other.asc");
  writeFileSync(other, (await createSigningKey()).publicKeyArmored);
  mirrors.configure({ m: { gates }, base: { suites: ["base"], pgp_key_path: other } });
  const last = await timesOf(3);
  expect([...last].filter(([gate, at]) => first.get(gate) !== at).map(([gate]) => gate)).toEqual([
    "apt",
    "profiles",
  ]);
});

const addNeedy = (upstream: FakeUpstream) =>
  upstream
    .suite("stable")
    .addPackage("hello", "2.0-1")
    .addPackage("needy", "1", { fields: { Depends: "hello (>= 2)" } });

test("apt does not install what the filters left out", async () => {
  const filters = { exclude_patterns: ["^hello_2"] };
  expect((await gateOf("apt", { apt: ["needy"] }, addNeedy, { filters })).verdict).toBe("failed");
  expect((await gateOf("apt", { apt: ["hello"] }, addNeedy, { filters })).verdict).toBe("passed");
});
