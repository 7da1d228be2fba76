import { expect, test } from "vitest";
import { gateOf } from "../test-support.ts";

test("min_packages passes with enough packages", async () => {
  expect(await gateOf("min_packages", { min_packages: 2 })).toMatchObject({
    verdict: "passed",
    measured: 2,
    text: { measured: "2 packages", allowed: "at least 2", todo: [] },
  });
});

test("min_packages fails if upstream lost packages", async () => {
  const found = await gateOf("min_packages", { min_packages: 2 }, (upstream) =>
    upstream.suite("stable").removePackage("tool"),
  );
  expect(found).toMatchObject({
    verdict: "failed",
    measured: 1,
    text: {
      measured: "1 package",
      allowed: "at least 2",
      todo: [expect.stringContaining("snapshot diff m"), expect.any(String)],
    },
  });
});

test("require_packages names what is missing, also what the filters leave out", async () => {
  const gates = { require_packages: ["hello", "tool", "nginx"] };
  const filters = { filters: { exclude_patterns: ["^tool_"] } };
  expect(await gateOf("require_packages", gates, undefined, filters)).toMatchObject({
    verdict: "failed",
    measured: 2,
    details: [{ message: "tool is missing" }, { message: "nginx is missing" }],
  });
  expect(await gateOf("require_packages", { require_packages: ["hello", "tool"] })).toMatchObject({
    verdict: "passed",
    measured: 0,
  });
});
