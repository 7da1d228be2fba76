/** With the apt of this machine; test/e2e/gates has the newer ones. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { FakeUpstream } from "../../../../test/support/index.ts";
import { find, type Story, tellStory } from "../test-support.ts";
import { statusFile } from "./test-support.ts";

/** Tells a story with the profile "web" of a machine. Returns what the gate says of it. */
async function tell(
  installed: readonly string[],
  change: (upstream: FakeUpstream) => unknown,
  {
    allow_remove = [],
    file = "web.status",
  }: { readonly allow_remove?: readonly string[]; readonly file?: string } = {},
) {
  const story = await tellStory({ profiles: [file], allow_remove }, change);
  writeProfile(story, installed);
  return await resultOf(story);
}

/** A relative path begins at the folder of the configuration. */
const writeProfile = ({ mirrors }: Story, installed: readonly string[]): void =>
  writeFileSync(join(dirname(mirrors.keyFile), "web.status"), statusFile(installed));

async function resultOf(story: Story) {
  const { verdict, details, text } = find((await story.test()).gates, "profiles");
  return { verdict, messages: details.map(({ message }) => message), text };
}

const stable = (upstream: FakeUpstream) => upstream.suite("stable");

test("profiles passes if a machine is upgraded without a loss", async () => {
  const found = await tell(["hello 1.0-1", "tool 1.0-1"], (upstream) =>
    stable(upstream)
      .addPackage("hello", "2.0-1", { fields: { Depends: "libhello" } })
      .addPackage("libhello", "1"),
  );
  expect(found).toMatchObject({
    verdict: "passed",
    text: { measured: "no loss", allowed: "no loss", todo: [] },
  });
});

test("profiles names what an upgrade would remove, keep back and downgrade", async () => {
  const found = await tell(["hello 1.0-1", "tool 2.0-1", "victim 1", "late 1"], (upstream) => {
    const suite = stable(upstream);
    suite.addPackage("hello", "2.0-1", { fields: { Conflicts: "victim" } });
    suite.addPackage("late", "2", { fields: { Depends: "nowhere" } });
    suite.removePackage("tool").addPackage("tool", "1.9-1");
  });
  expect(found).toEqual({
    verdict: "failed",
    messages: [
      "web: tool is 2.0-1 after an upgrade from production, and the snapshot has only 1.9-1",
      "web: victim 1 is removed",
      "web: late 1 is kept back, although the snapshot has 2",
    ],
    text: {
      measured: "3 losses",
      allowed: "no loss",
      todo: expect.arrayContaining([expect.stringContaining("allow_remove")]),
    },
  });
});

const conflict = (upstream: FakeUpstream) =>
  stable(upstream).addPackage("hello", "2.0-1", { fields: { Conflicts: "victim" } });

test("profiles fails if the snapshot lost the architecture of a machine", async () => {
  const settings = { suites: ["both"], architectures: ["amd64", "arm64"] };
  const gates = { profiles: ["web.status"] };
  const story = await tellStory(gates, undefined, settings, (upstream) => {
    const both = upstream.suite("both", { architectures: settings.architectures });
    both.addPackage("tool", "1").addPackage("tool", "1", { architecture: "arm64" });
  });
  const { mirrors } = story;
  mirrors.configure({ m: { ...settings, architectures: ["amd64"], gates } });
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "newer", "--stage"]);
  const status = statusFile(["tool 1"]).replace("Architecture: amd64", "Architecture: arm64");
  writeFileSync(join(dirname(mirrors.keyFile), "web.status"), status);
  expect(await resultOf(story)).toMatchObject({
    verdict: "failed",
    messages: [expect.stringContaining("production has packages of arm64, and the snapshot has none")],
  });
});

test("profiles passes if only packages of allow_remove are removed", async () => {
  const found = await tell(["hello 1.0-1", "victim 1"], conflict, { allow_remove: ["vic*"] });
  expect(found.verdict).toBe("passed");
});

test("profiles upgrades what is phased in slowly", async () => {
  const phased = { fields: { "Phased-Update-Percentage": "0", Conflicts: "victim" } };
  const found = await tell(["hello 1.0-1", "victim 1"], (upstream) =>
    stable(upstream).addPackage("hello", "2.0-1", phased),
  );
  expect(found.messages).toEqual(["web: victim 1 is removed"]);
});

test("profiles fails if a profile is missing, and says what to copy", async () => {
  const found = await tell(["hello 1.0-1"], () => undefined, { file: "db.status" });
  expect(found).toMatchObject({
    verdict: "failed",
    messages: [
      expect.stringMatching(/^cannot read the profile .*db.status: there is no such file\nCopy \/var/),
    ],
  });
});

test("a verdict of profiles ends with the profile, not with the name of its file", async () => {
  const story = await tellStory({ profiles: ["web.status"] }, conflict);
  writeProfile(story, ["hello 1.0-1"]);
  expect((await resultOf(story)).verdict).toBe("passed");
  writeProfile(story, ["hello 1.0-1", "victim 1"]);
  expect((await resultOf(story)).verdict).toBe("failed");
});
