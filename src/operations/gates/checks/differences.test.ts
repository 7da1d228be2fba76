import { describe, expect, test } from "vitest";
import { gateOf, tellStory } from "../test-support.ts";

const nothingShown = {
  verdict: "not-applicable",
  text: { measured: "nothing in production to compare with" },
};

describe("max_removed_percent", () => {
  test("passes while few packages are gone", async () => {
    const found = await gateOf("max_removed_percent", { max_removed_percent: 50 }, (upstream) =>
      upstream.suite("stable").removePackage("tool"),
    );
    expect(found).toMatchObject({ verdict: "passed", measured: 50, text: { measured: "50.0 % removed" } });
  });

  test("fails if more are gone, and names them", async () => {
    const found = await gateOf("max_removed_percent", { max_removed_percent: 5 }, (upstream) =>
      upstream.suite("stable").removePackage("tool"),
    );
    expect(found).toMatchObject({
      verdict: "failed",
      details: [{ message: "amd64: 1 of 2 packages in production are gone: tool" }],
    });
  });
});

describe("max_downgrades", () => {
  test("passes if versions only grow", async () => {
    const found = await gateOf("max_downgrades", { max_downgrades: 0 }, (upstream) =>
      upstream.suite("stable").addPackage("tool", "2.0-2"),
    );
    expect(found).toMatchObject({ verdict: "passed", measured: 0 });
  });

  test("fails if the newest version of a package is older than in production", async () => {
    const found = await gateOf("max_downgrades", { max_downgrades: 0 }, (upstream) =>
      upstream.suite("stable").removePackage("tool").addPackage("tool", "1.9-1"),
    );
    expect(found).toMatchObject({
      verdict: "failed",
      measured: 1,
      details: [{ message: "tool (amd64): production has 2.0-1, the snapshot 1.9-1" }],
    });
  });
});

describe("max_changed_bytes", () => {
  test("passes if each version has the bytes that it had", async () => {
    const found = await gateOf("max_changed_bytes", { max_changed_bytes: 0 }, (upstream) =>
      upstream.suite("stable").addPackage("tool", "2.0-2"),
    );
    expect(found).toMatchObject({ verdict: "passed", measured: 0 });
  });

  test("fails if a version has other bytes, and says both digests", async () => {
    const found = await gateOf("max_changed_bytes", { max_changed_bytes: 0 }, (upstream) =>
      upstream
        .suite("stable")
        .removePackage("tool")
        .addPackage("tool", "2.0-1", { files: { "./usr/bin/tool": "another" } }),
    );
    expect(found).toMatchObject({
      verdict: "failed",
      measured: 1,
      details: [
        { message: expect.stringMatching(/^tool 2.0-1 \(amd64, stable\): [0-9a-f]{12} in production/) },
      ],
    });
  });
});

test("max_changed_bytes fails if another suite gets other bytes of a version", async () => {
  const found = await gateOf(
    "max_changed_bytes",
    { max_changed_bytes: 0 },
    (upstream) =>
      upstream.suite("other").addPackage("tool", "2.0-1", {
        filename: "pool/other/tool_2.0-1_amd64.deb",
        files: { "./usr/bin/tool": "another" },
      }),
    { suites: ["stable", "other"] },
    (upstream) => upstream.suite("other").addPackage("beside", "1"),
  );
  expect(found).toMatchObject({
    verdict: "failed",
    measured: 1,
    details: [{ message: expect.stringMatching(/^tool 2.0-1 \(amd64, other\)/) }],
  });
});

test.each(["max_removed_percent", "max_downgrades", "max_changed_bytes"])(
  "%s does not apply if production shows nothing",
  async (gate) => {
    const story = await tellStory({ [gate]: 0 });
    await story.mirrors.run(["snapshot", "delete", "m", "old", "--force"]);
    const { gates } = await story.test();
    expect(gates.find((one) => one.gate === gate)).toMatchObject(nothingShown);
  },
);
