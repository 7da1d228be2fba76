import { describe, expect, test } from "vitest";
import { MirrorctlError } from "../errors.ts";
import { createLog, type LogSettings } from "./log.ts";

class StoreError extends MirrorctlError<"DISK_FULL"> {
  override readonly area = "store";
}

const full = new StoreError("DISK_FULL", "cannot write\nthe second line", {
  hint: "Free space.\nThen run again.",
});

function logTo(settings: Partial<LogSettings> = {}) {
  const written: string[] = [];
  const log = createLog({
    level: "info",
    format: "plain",
    colour: false,
    verboseErrors: false,
    needsName: () => false,
    now: () => new Date("2026-05-04T03:02:01Z"),
    write: (text) => void written.push(text),
    ...settings,
  });
  return { log, written };
}

describe("lines for people", () => {
  test("are the level padded to five, a space and the message", () => {
    const { log, written } = logTo();
    log.emit({ mirror: "noble", type: "sync-started" });
    log.emit({ mirror: "noble", type: "release-refused", url: "http://a/", reason: "too old" });
    expect(written).toEqual(["INFO  Starting sync for mirror: noble\n", "WARN  http://a/: too old\n"]);
  });

  test("have the further lines and the hint of an error below the message", () => {
    const { log, written } = logTo();
    log.error(full);
    expect(written).toEqual([
      "ERROR cannot write\n      the second line\n      Free space.\n      Then run again.\n",
    ]);
  });

  test("say why a sync failed, then that it failed", () => {
    const { log, written } = logTo();
    log.emit({ mirror: "noble", type: "sync-failed", error: full });
    expect(written.join("").split("\n")).toEqual([
      "ERROR cannot write",
      "      the second line",
      "      Free space.",
      "      Then run again.",
      "ERROR Sync failed for noble",
      "",
    ]);
  });

  test("say who holds the lock of a mirror, and what to do", () => {
    const { log, written } = logTo();
    log.emit({ mirror: "noble", type: "sync-locked", error: full });
    expect(written.join("").split("\n")).toEqual([
      "ERROR cannot write",
      "      the second line",
      "      Free space.",
      "      Then run again.",
      "",
    ]);
  });

  test("say what to do about a snapshot that cannot be deleted", () => {
    const { log, written } = logTo();
    log.emit({ mirror: "noble", type: "snapshot-delete-failed", name: "one", error: full });
    expect(written.join("")).toMatch(/^ERROR Cannot delete snapshot one: cannot write\n/);
    expect(written.join("")).toContain("      Free space.\n");
  });

  test("begin with their priority in the journal, each of them", () => {
    const { log, written } = logTo({ isJournal: true, level: "debug" });
    log.emit({ mirror: "noble", type: "sync-interrupted" });
    log.emit({ mirror: "noble", type: "sync-started" });
    log.emit({ mirror: "noble", type: "release-refused", url: "http://a/", reason: "too old" });
    log.error(full);
    expect(written.join("").split("\n")).toEqual([
      "<7>DEBUG Sync interrupted for noble",
      "<6>INFO  Starting sync for mirror: noble",
      "<4>WARN  http://a/: too old",
      "<3>ERROR cannot write",
      "<3>      the second line",
      "<3>      Free space.",
      "<3>      Then run again.",
      "",
    ]);
    const json = logTo({ isJournal: true, format: "json" });
    json.log.emit({ mirror: "noble", type: "release-refused", url: "http://a/", reason: "one\u2028two" });
    const [, line = ""] = /^<4>(\{.*\})\n$/su.exec(json.written.join("")) ?? [];
    expect(JSON.parse(line)).toMatchObject({ reason: "one\u2028two" });
  });

  test("escape control characters in the message and below it", () => {
    const { log, written } = logTo();
    log.emit({ mirror: "noble", type: "history-unreadable", reason: "a\u001B[2Jb\rc\td\u009B1me\u0000" });
    log.error(new StoreError("DISK_FULL", "one\n\u001B]0;two\u0007", { hint: "\rthree" }));
    expect(written).toEqual([
      "WARN  the history could not be read: a\\u001b[2Jb\\u000dc\td\\u009b1me\\u0000\n",
      "ERROR one\n      \\u001b]0;two\\u0007\n      \\u000dthree\n",
    ]);
  });

  test("have only the level in colour on a terminal", () => {
    const { log, written } = logTo({ colour: true });
    log.emit({ mirror: "noble", type: "sync-started" });
    log.error("no");
    expect(written).toEqual([
      "\u001B[32mINFO \u001B[0m Starting sync for mirror: noble\n",
      "\u001B[31mERROR\u001B[0m no\n",
    ]);
  });

  test("name their mirror if needed, and only once", () => {
    const { log, written } = logTo({ needsName: (mirror) => mirror === "noble" });
    for (const mirror of ["noble", "jammy"]) {
      log.emit({ mirror, type: "sync-started" });
      log.emit({ mirror, type: "release-requested", suite: "stable" });
      log.emit({ mirror, type: "signatures-unchecked" });
      log.emit({ mirror, type: "release-refused", url: "http://noble/", reason: "too old\nsee noble: that" });
    }
    log.emit({ mirror: "noble", type: "sync-failed", error: full });
    log.emit({ mirror: "noble", type: "sync-failed", error: new Error("noble: no") });
    log.error("no");
    expect(written.join("").split("\n")).toEqual([
      "INFO  Starting sync for mirror: noble",
      "INFO  noble: Downloading Release file",
      "WARN  noble: signatures are not checked (no_pgp_check)",
      "WARN  noble: http://noble/: too old",
      "      see noble: that",
      "INFO  Starting sync for mirror: jammy",
      "INFO  Downloading Release file",
      "WARN  jammy: signatures are not checked (no_pgp_check)",
      "WARN  http://noble/: too old",
      "      see noble: that",
      "ERROR noble: cannot write",
      "      the second line",
      "      Free space.",
      "      Then run again.",
      "ERROR Sync failed for noble",
      "ERROR noble: no",
      "ERROR Sync failed for noble",
      "ERROR no",
      "",
    ]);
  });

  test("show causes with --verbose-errors", () => {
    const { log, written } = logTo({ verboseErrors: true });
    log.error(full);
    expect(written.join("")).toContain("\n      code: store/DISK_FULL\n");
  });
});

test.each([
  ["debug", ["DEBUG", "INFO", "WARN", "ERROR"]],
  ["info", ["INFO", "WARN", "ERROR"]],
  ["warn", ["WARN", "ERROR"]],
  ["error", ["ERROR"]],
] as const)("at level %s the log has %j", (level, expected) => {
  const { log, written } = logTo({ level });
  log.emit({ mirror: "noble", type: "file-fetched", path: "a", sizeBytes: 1 });
  log.emit({ mirror: "noble", type: "sync-started" });
  log.emit({ mirror: "noble", type: "signatures-unchecked" });
  log.emit({ mirror: "noble", type: "transfer-ended" });
  log.error("no");
  expect(written.map((line) => line.split(" ")[0])).toEqual(expected);
});

describe("lines for programs", () => {
  test("are one object each, with the time, the message and the facts of the event", () => {
    const { log, written } = logTo({ format: "json", colour: true });
    log.emit({ mirror: "noble", type: "snapshot-creating", name: "one" });
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(written[0] ?? "")).toEqual({
      time: "2026-05-04T03:02:01.000Z",
      level: "info",
      message: "Creating snapshot: one",
      mirror: "noble",
      type: "snapshot-creating",
      name: "one",
    });
  });

  test("stay on one line with any message", () => {
    const { log, written } = logTo({ format: "json" });
    log.error(full);
    expect(written.join("").split("\n")).toHaveLength(2);
    expect(JSON.parse(written.join(""))).toEqual({
      time: "2026-05-04T03:02:01.000Z",
      level: "error",
      message: "cannot write\nthe second line",
      below: ["Free space.", "Then run again."],
    });
  });

  test("have the mirror as a key, not in the message", () => {
    const { log, written } = logTo({ format: "json", needsName: () => true });
    log.emit({ mirror: "noble", type: "release-requested", suite: "stable" });
    expect(JSON.parse(written[0] ?? "")).toMatchObject({
      message: "Downloading Release file",
      mirror: "noble",
    });
  });

  test("have all items of an error, and in the text only some", () => {
    const { log, written } = logTo({ format: "json" });
    const items = Array.from({ length: 40 }, (_, index) => `item ${index}`);
    log.error(new StoreError("DISK_FULL", "no room for:", { items }));
    expect(JSON.parse(written.join(""))).toMatchObject({
      items,
      below: [...items.slice(0, 10), "and 30 more, which --json lists"],
    });
  });

  test("have the error of a failed sync in words", () => {
    const { log, written } = logTo({ format: "json" });
    log.emit({ mirror: "noble", type: "sync-failed", error: full });
    const lines = written.map((line) => JSON.parse(line));
    expect(lines.map(({ message }) => message)).toEqual([
      "cannot write\nthe second line",
      "Sync failed for noble",
    ]);
    expect(lines.every((line) => !("error" in line) && line.mirror === "noble")).toBe(true);
  });
});
