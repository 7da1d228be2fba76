import { expect, test } from "vitest";
import { find, tellStory } from "../test-support.ts";

const approve = ["snapshot", "approve", "m"];

test("approvals passes once enough other people approved", async () => {
  const { mirrors, test: run } = await tellStory({ approvals: 2 });
  for (const who of ["bob", "bob", "ada"]) {
    mirrors.who = who;
    await mirrors.run([...approve, "--reason", "installed on web1"]);
  }
  const gate = find((await run()).gates, "approvals");
  expect(gate).toMatchObject({ verdict: "not-yet", measured: 1, text: { allowed: "at least 2" } });
  expect(gate.details.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^ada approved it on .*, which does not count if the same person promotes it$/),
    expect.stringMatching(/^bob approved it on .* UTC$/),
  ]);
  const { log } = await mirrors.run(["snapshot", "promote", "m"], 3);
  expect(log).toContain("Another person approves it: mirrorctl snapshot approve m new --reason WHY");
  mirrors.who = "cleo";
  await mirrors.run(approve);
  mirrors.who = "ada";
  expect(find((await run()).gates, "approvals").verdict).toBe("passed");
  await mirrors.run(["snapshot", "promote", "m"]);
});

test("approvals belong to contents, whatever the name", async () => {
  const { mirrors, test: run } = await tellStory({ approvals: 1 }, (upstream) =>
    upstream.suite("stable").addPackage("extra", "1"),
  );
  mirrors.who = "bob";
  const { log } = await mirrors.run(approve);
  expect(log).toContain("INFO  Snapshot new of m is approved by bob\n");
  mirrors.who = "ada";
  await mirrors.run(["snapshot", "create", "m", "same", "--stage"]);
  expect(find((await run()).gates, "approvals").verdict).toBe("passed");
  expect(find((await run(["old"])).gates, "approvals").verdict).toBe("not-yet");
});
