import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSigningKey, readTree } from "../../../../test/support/index.ts";
import { openMirror } from "../test-support.ts";

test("downloads a Release that only has a new signature", async () => {
  await using mirror = await openMirror();
  mirror.upstream.suite("stable", { signatures: "detached" }).addPackage("hello", "1.0-1");
  const date = await mirror.upstream.publish();
  await mirror.sync();
  const successor = await createSigningKey();
  mirror.trust(mirror.key.publicKeyArmored, successor.publicKeyArmored);
  const release = mirror.upstream.path("dists/stable/Release");
  mirror.upstream.rewrite(
    "dists/stable/Release.gpg",
    await successor.detachSign(readFileSync(release, "utf8"), { date }),
  );
  expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced", unchanged: false, fetchedFiles: 0 });
  const [tree, signed] = [await mirror.tree(), await readTree(mirror.upstream.dir)];
  expect(tree.get("dists/stable/Release.gpg")).toBe(signed.get("dists/stable/Release.gpg"));
  expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced", unchanged: true });
});

/** Syncs once for each of these, which its Release then says in place of the usual; undefined leaves a field out. */
async function syncRenamed(...names: readonly Readonly<Record<string, string | undefined>>[]) {
  const mirror = await openMirror();
  let fields: Readonly<Record<string, string | undefined>> = {};
  const editRelease = (text: string): string =>
    Object.entries(fields).reduce(
      (edited, [name, value]) =>
        edited.replace(new RegExp(`^${name}: .*\n`, "m"), value === undefined ? "" : `${name}: ${value}\n`),
      text,
    );
  mirror.upstream.suite("stable", { editRelease, signatures: "inline" }).addPackage("hello", "1.0-1");
  const outcomes: { kind: string; said: string }[] = [];
  for (const changed of names) {
    fields = changed;
    await mirror.upstream.publish();
    const { outcome, said } = await mirror.sync();
    outcomes.push({ kind: outcome.kind, said });
  }
  await mirror[Symbol.asyncDispose]();
  return outcomes;
}

test("warns of a suite that never used its configured name", async () => {
  const outcomes = await syncRenamed({ Suite: "a", Codename: "a" }, { Suite: "b", Codename: "b" });
  expect(outcomes).toEqual([
    { kind: "synced", said: expect.stringContaining('Release calls itself "a", "a"') },
    { kind: "synced", said: expect.stringContaining('Release calls itself "b", "b"') },
  ]);
});

test("warns of a suite without a name that gets one", async () => {
  const nameless = { Suite: undefined, Codename: undefined };
  const [first, second] = await syncRenamed(nameless, { Suite: "b", Codename: "b" });
  expect(first).toEqual({ kind: "synced", said: expect.not.stringContaining("calls itself") });
  expect(second).toEqual({ kind: "synced", said: expect.stringContaining('Release calls itself "b", "b"') });
});

test("warns of another Codename, Origin or Label, which apt asks about", async () => {
  const [, second] = await syncRenamed({}, { Codename: "trixie", Origin: "Other", Label: "Another" });
  expect(second?.kind).toBe("synced");
  for (const change of [
    'Codename from "stable" to "trixie"',
    'Origin from "Fake" to "Other"',
    'Label from "Fake" to "Another"',
  ])
    expect(second?.said).toContain(`the Release changes its ${change}`);
});

test("ignores a tampered Release beside a genuine InRelease", async () => {
  await using mirror = await openMirror();
  mirror.upstream.suite("stable").addPackage("hello", "1.0-1");
  await mirror.upstream.publish();
  const release = mirror.upstream.path("dists/stable/Release");
  const evil = readFileSync(release, "utf8").replaceAll(
    / [0-9a-f]{64} +\d+ main/g,
    ` ${"0".repeat(64)} 7 main`,
  );
  mirror.upstream.rewrite("dists/stable/Release", evil);
  const { outcome, said } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "synced" });
  expect(said).toContain("Release and Release.gpg do not agree with InRelease and are left out");
  expect([...(await mirror.tree()).keys()].filter((path) => /stable\/Release/.test(path))).toEqual([]);
});
