import { closeSync, fstatSync, openSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { findService, isJournal, unitIn } from "./service.ts";

test("finds the unit in control groups of version 2 and 1, and none elsewhere", () => {
  expect(unitIn("0::/system.slice/mirrorctl-sync.service\n")).toBe("mirrorctl-sync.service");
  expect(
    unitIn(
      "12:pids:/\n1:name=systemd:/system.slice/system-mirrorctl\\x2dsync.slice/mirrorctl-sync@debian.service\n0::/\n",
    ),
  ).toBe("mirrorctl-sync@debian.service");
  expect(unitIn("0::/user.slice/user-0.slice/session-1.scope\n")).toBeUndefined();
  expect(unitIn("")).toBeUndefined();
});

test("is in a service if systemd has given it an invocation", () => {
  expect(findService({})).toBeUndefined();
  expect(findService({ INVOCATION_ID: "" })).toBeUndefined();
  expect(findService({ INVOCATION_ID: "1f", STATE_DIRECTORY: "/var/lib/a:/var/lib/b" })).toMatchObject({
    unit: expect.stringMatching(/\.service$/),
    stateDirectories: ["/var/lib/a", "/var/lib/b"],
  });
});

test("writes to the journal only if that file is open", () => {
  const descriptor = openSync("/dev/null", "r");
  onTestFinished(() => closeSync(descriptor));
  const { dev, ino } = fstatSync(descriptor);
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino}` }, descriptor)).toBe(true);
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino + 1}` }, descriptor)).toBe(false);
  expect(isJournal({}, descriptor)).toBe(false);
});
