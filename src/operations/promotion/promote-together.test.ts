import { expect, test } from "vitest";
import { testSnapshot } from "../gates/index.ts";
import { type Mirrors, openMirrors } from "../verify/test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";

/**
 * Opens mirrors of one machine. "tool" 3 of "m" needs "lib" 2 of "other", and "lib" 2 breaks "tool" 2: "lib" 1 and "tool" 2
 * are in production, the others in staging. Only both together may go.
 */
async function openDependent(): Promise<Mirrors> {
  const mirrors = await openMirrors();
  const gates = { no_new_uninstallable: true, with: ["m", "other"] };
  mirrors.configure({ m: {}, other: { suites: ["other"] } }, { snapshot: {}, gates });
  const { upstream } = mirrors;
  const [own, other] = [upstream.suite("stable"), upstream.suite("other")];
  own.removePackage("tool").addPackage("tool", "2", { fields: { Depends: "lib (<< 2)" } });
  other.addPackage("lib", "1");
  await showNext(mirrors, "old", "publish");
  own.removePackage("tool").addPackage("tool", "3", { fields: { Depends: "lib (>= 2)" } });
  other.removePackage("lib").addPackage("lib", "2");
  await showNext(mirrors, "new", "stage");
  return mirrors;
}

async function showNext(mirrors: Mirrors, name: string, verb: "publish" | "stage"): Promise<void> {
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  for (const id of ["m", "other"]) {
    await mirrors.run(["snapshot", "create", id, name]);
    await mirrors.run(["snapshot", verb, id, name]);
  }
}

const production = async (mirrors: Mirrors, id: string) =>
  await (await mirrors.context(id)).publisher.read("production");

test("mirrors that need each other go together, and none goes alone", async () => {
  const mirrors = await openDependent();
  for (const [id, reason] of [
    ["m", "tool 3 needs lib (>= 2), which no package is or provides"],
    ["m", "because tool was upgraded from 2 to 3 and now needs lib (>= 2)"],
  ] as const) {
    const { log } = await mirrors.run(["snapshot", "promote", id], 3);
    expect(log).toContain(reason);
  }
  await mirrors.run(["snapshot", "promote", "m", "other"]);
  expect(await production(mirrors, "m")).toMatchObject({ name: "new" });
  expect(await production(mirrors, "other")).toMatchObject({ name: "new" });
});

test("a verdict on mirrors together does not count for one alone", async () => {
  const mirrors = await openDependent();
  const contexts = [await mirrors.context("m"), await mirrors.context("other")];
  const stopped = promoteSnapshots(contexts, {}, async (...args) => {
    const tested = await testSnapshot(...args);
    if (tested.mirror === "other") throw new Error("stopped after the tests");
    return tested;
  });
  await expect(stopped).rejects.toThrow("stopped after the tests");
  await mirrors.run(["snapshot", "promote", "m"], 3);
});

test("one that gates refuse keeps all others where they are", async () => {
  const mirrors = await openDependent();
  mirrors.upstream
    .suite("other")
    .removePackage("lib")
    .addPackage("lib", "3", { fields: { Depends: "gone" } });
  await showNext(mirrors, "newer", "stage");
  const { log } = await mirrors.run(["snapshot", "promote", "m", "other"], 3);
  expect(log).toContain("lib 3 needs gone");
  expect(await production(mirrors, "m")).toMatchObject({ name: "old" });
  expect(await production(mirrors, "other")).toMatchObject({ name: "old" });
});

test("nothing moves if another mirror moved while the gates ran", async () => {
  const mirrors = await openDependent();
  await mirrors.run(["snapshot", "promote", "m", "other"]);
  mirrors.upstream.suite("stable").addPackage("fine", "1");
  await showNext(mirrors, "newer", "stage");
  const promoted = promoteSnapshots([await mirrors.context("m")], {}, async (...args) => {
    const tested = await testSnapshot(...args);
    await mirrors.run(["snapshot", "publish", "other", "newer"]);
    return tested;
  });
  await expect(promoted).rejects.toMatchObject({
    code: "STAGED_CHANGED",
    message: "production of other moved to newer while newer of m was tested beside it",
  });
  expect(await production(mirrors, "m")).toMatchObject({ name: "new" });
});

test("nothing moves if another mirror without snapshots was synced while the gates ran", async () => {
  const mirrors = await openDependent();
  const gates = { no_new_uninstallable: true, with: ["plain"] };
  mirrors.configure({ m: { snapshot: {}, gates }, plain: { suites: ["other"] } });
  await mirrors.run(["sync", "plain"]);
  const promoted = promoteSnapshots([await mirrors.context("m")], {}, async (...args) => {
    const tested = await testSnapshot(...args);
    mirrors.upstream.suite("other").removePackage("lib");
    await mirrors.upstream.publish();
    await mirrors.run(["sync", "plain"]);
    return tested;
  });
  await expect(promoted).rejects.toThrow("while new of m was tested beside it");
  expect(await production(mirrors, "m")).toMatchObject({ name: "old" });
});

test("a mirror that is staged again while the gates ran keeps all where they are", async () => {
  const mirrors = await openDependent();
  const promoted = promoteSnapshots(
    [await mirrors.context("m"), await mirrors.context("other")],
    {},
    async (...args) => {
      const tested = await testSnapshot(...args);
      if (tested.mirror === "other") await mirrors.run(["snapshot", "stage", "m", "old"]);
      return tested;
    },
  );
  await expect(promoted).rejects.toMatchObject({ code: "STAGED_CHANGED" });
  expect(await production(mirrors, "other")).toMatchObject({ name: "old" });
});
