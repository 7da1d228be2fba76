import { expect, test } from "vitest";
import { openMirrors } from "../verify/test-support.ts";

const dayMs = 86_400_000;

/** Opens a synced mirror of a suite that is valid for a week. */
async function mirrorOfAWeek() {
  const mirrors = await openMirrors();
  const date = new Date();
  Object.assign(mirrors.upstream.suite("stable").options, {
    date,
    validUntil: new Date(date.getTime() + 7 * dayMs),
  });
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  return mirrors;
}

test("refuses a time in staging that outlasts the validity of a suite", async () => {
  const mirrors = await mirrorOfAWeek();
  mirrors.configure({ m: { gates: { min_staged: "6d", min_validity: "2d" } } });
  const { out } = await mirrors.run(["check", "config"], 2);
  expect(out).toContain(
    "mirrors.m.gates.min_staged: stable of m is valid for 7d from its Date: with min_staged (6d) and min_validity (2d) no snapshot can pass",
  );
  mirrors.configure({ m: { gates: { min_staged: "5d", min_validity: "2d" } } });
  await mirrors.run(["check", "config"]);
  mirrors.configure({ m: {} }, { gates: { min_validity: "8d" } });
  expect((await mirrors.run(["check", "config"], 2)).out).toContain(
    " gates.min_validity: stable of m is valid",
  );
});

test("says that each sync starts the time in staging again", async () => {
  const mirrors = await openMirrors();
  mirrors.configure({ m: { publish_to_staging: true, gates: { min_staged: "2d" } } });
  expect((await mirrors.run(["check", "config"])).out).toContain(
    "m: each sync that stages something new starts min_staged (2d) again",
  );
});

test("refuses a command whose program does not exist", async () => {
  const mirrors = await openMirrors();
  mirrors.configure({ m: { gates: { commands: [["true"], ["/nonexistent/check", "it"], ["no-such"]] } } });
  const { out } = await mirrors.run(["check", "config"], 2);
  expect(out).toContain(
    'mirrors.m.gates.commands[1][0]: found "/nonexistent/check", and there is no such program that this user may run',
  );
  expect(out).toContain('found "no-such"');
});
