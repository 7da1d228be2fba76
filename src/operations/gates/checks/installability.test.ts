import { describe, expect, test } from "vitest";
import type { FakeUpstream } from "../../../../test/support/index.ts";
import { type Mirrors, openMirrors } from "../../verify/test-support.ts";
import { find, gateOf, tellStory } from "../test-support.ts";

/** Adds a version of a package to upstream. */
const add = (
  upstream: FakeUpstream,
  name: string,
  version: string,
  fields: Readonly<Record<string, string>>,
) => upstream.suite("stable").addPackage(name, version, { fields });

describe("no_new_uninstallable", () => {
  const gates = { no_new_uninstallable: true };
  const gate = "no_new_uninstallable";

  test("fails if every architecture is foreign, so that no machine would be checked", async () => {
    const found = await gateOf(gate, { ...gates, foreign: ["amd64"] }, (upstream) =>
      add(upstream, "tool", "3.0", { Depends: "gone" }),
    );
    expect(found).toMatchObject({ verdict: "failed", text: { measured: "not measured" } });
    expect(found.details[0]?.message).toContain("it has only amd64");
  });

  test("passes if everything can be installed", async () => {
    const found = await gateOf(gate, gates, (upstream) => add(upstream, "a", "1", { Depends: "hello" }));
    expect(found).toMatchObject({ verdict: "passed", measured: 0, details: [], text: { measured: "none" } });
  });

  test("fails if a package cannot be installed any more, and names the change behind it", async () => {
    const found = await gateOf(gate, gates, (upstream) =>
      add(upstream, "tool", "3.0", { Depends: "lib (>= 3)" }),
    );
    expect(found).toMatchObject({
      verdict: "failed",
      measured: 1,
      text: { measured: "1 package", allowed: "none" },
    });
    expect(found.details.map(({ message }) => message)).toEqual([
      "tool 3.0 on amd64: tool 3.0 needs lib (>= 3), which no package is or provides, because tool was upgraded from 2.0-1 to 3.0 and now needs lib (>= 3)",
    ]);
    expect(found.text.todo[0]).toBe("See each step: mirrorctl snapshot installable m --snapshot new --why");
  });

  test("lists a package of each change first, and how many more each change breaks", async () => {
    const users = ["a", "b", "c"];
    const found = await gateOf(
      gate,
      gates,
      (upstream) => {
        upstream.suite("stable").removePackage("hello");
        add(upstream, "tool", "3", { Depends: "lost" });
      },
      {},
      (upstream) => {
        for (const name of users) add(upstream, name, "1", { Depends: "hello" });
      },
    );
    expect(found).toMatchObject({ verdict: "failed", measured: 4 });
    expect(found.details.map(({ message }) => message.replace(/:.*, because/, ","))).toEqual([
      "a 1 on amd64, hello 1.0-1 was removed; this breaks 2 more packages",
      "tool 3 on amd64, tool was upgraded from 2.0-1 to 3 and now needs lost",
      "b 1 on amd64, hello 1.0-1 was removed",
      "c 1 on amd64, hello 1.0-1 was removed",
    ]);
  });

  test("passes with a new package that is broken, and says so", async () => {
    const found = await gateOf(gate, gates, (upstream) => add(upstream, "a", "1", { Depends: "gone" }));
    expect(found).toMatchObject({ verdict: "passed", measured: 0 });
    expect(found.details.map(({ message }) => message)).toEqual([
      "a 1 on amd64 (new, so not counted): a 1 needs gone, which no package is or provides",
    ]);
  });

  test("passes with broken packages that ignore names, and says why", async () => {
    const ignoring = { ...gates, ignore: ["hell?", "web*"], ignore_reason: "nobody greets" };
    const { mirrors } = await tellStory(ignoring, (upstream) =>
      add(upstream, "hello", "2", { Depends: "gone" }),
    );
    const { out } = await mirrors.run(["snapshot", "test", "m"]);
    expect(out).toContain(
      "no_new_uninstallable passed: none, allowed: none but hell?, web*: nobody greets\n",
    );
    expect(out).toContain(
      "  hello 2 on amd64 (ignored): hello 2 needs gone, which no package is or provides",
    );
  });

  test("does not apply with nothing in production", async () => {
    const { mirrors, test: run } = await tellStory(gates);
    await mirrors.run(["snapshot", "delete", "m", "old", "--force"]);
    expect(find((await run()).gates, gate)).toMatchObject({ verdict: "not-applicable" });
  });

  test("fails if the search takes too long, and says for which package", async () => {
    // Pigeons: eleven packages of which each needs one of ten holes, and no hole takes two.
    const ten = Array.from({ length: 10 }, (_, at) => at);
    const pigeons = [...ten, 10].map((pigeon) => `p${pigeon}`);
    const found = await gateOf(gate, gates, (upstream) => {
      for (const pigeon of pigeons) {
        add(upstream, pigeon, "1", { Depends: ten.map((hole) => `${pigeon}h${hole}`).join(" | ") });
        for (const hole of ten)
          add(upstream, `${pigeon}h${hole}`, "1", { Provides: `h${hole}`, Conflicts: `h${hole}` });
      }
      add(upstream, "tool", "3", { Depends: pigeons.join(", ") });
    });
    expect(found).toMatchObject({ verdict: "failed", measured: 1 });
    expect(found.details.map(({ message }) => message)).toEqual([
      "tool 3 on amd64: the search took too long",
    ]);
  });
});

describe("installable", () => {
  const gate = "installable";

  test("passes if packages can be installed together", async () => {
    const found = await gateOf(gate, { installable: ["hello", "tool (>= 2)"] });
    expect(found).toMatchObject({
      verdict: "passed",
      measured: 0,
      text: { measured: "together", allowed: "2 packages together" },
    });
  });

  test("fails with the chain if they cannot", async () => {
    const found = await gateOf(gate, { installable: ["tool", "hello (>= 2)"] }, (upstream) =>
      add(upstream, "hello", "2", { Conflicts: "tool" }),
    );
    expect(found).toMatchObject({
      verdict: "failed",
      measured: 1,
      text: { measured: "not on 1 kind of machine" },
    });
    expect(found.details.map(({ message }) => message)).toEqual([
      "on amd64: hello 2 and tool 2.0-1 exclude each other: hello 2 conflicts with or breaks tool",
    ]);
    expect(found.text.todo[0]).toBe(
      "See each step: mirrorctl snapshot installable m --snapshot new tool 'hello (>= 2)' --why",
    );
  });
});

describe("machines that install from another mirror too", () => {
  const gates = { no_new_uninstallable: true, installable: ["tool"], with: ["other"] };

  /** "tool" 3 of "m" needs "lib" 2 of "other"; "lib" 1 is in production there, "lib" 2 is staged. */
  async function tellOfTwo(): Promise<Mirrors> {
    const mirrors = await openMirrors();
    mirrors.configure({ m: { gates }, other: { suites: ["other"] } }, { snapshot: {} });
    const other = mirrors.upstream.suite("other");
    add(mirrors.upstream, "tool", "2.1", { Depends: "lib" });
    other.addPackage("lib", "1");
    await mirrors.upstream.publish();
    await mirrors.run(["sync"]);
    for (const id of ["m", "other"]) {
      await mirrors.run(["snapshot", "create", id, "old"]);
      await mirrors.run(["snapshot", "publish", id, "old"]);
    }
    add(mirrors.upstream, "tool", "3", { Depends: "lib (>= 2)" });
    other.removePackage("lib").addPackage("lib", "2");
    await mirrors.upstream.publish();
    await mirrors.run(["sync"]);
    for (const id of ["m", "other"]) await mirrors.run(["snapshot", "create", id, "new", "--stage"]);
    return mirrors;
  }

  test("are tested with what is in production there", async () => {
    const mirrors = await tellOfTwo();
    const { log } = await mirrors.run(["snapshot", "promote", "m"], 3);
    expect(log).toContain("tool 3 needs lib (>= 2), which no package is or provides");
    await mirrors.run(["snapshot", "promote", "other"]);
    await mirrors.run(["snapshot", "promote", "m"]);
  });
});
