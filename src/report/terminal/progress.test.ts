import { describe, expect, test } from "vitest";
import { createScreen } from "../../../test/support/index.ts";
import type { MirrorEvent } from "../events.ts";
import { createProgress } from "./progress.ts";

const start = new Date("2026-05-04T03:02:01Z");

function progressOn(columns = 120) {
  const screen = createScreen(columns);
  let now = start;
  const progress = createProgress(screen, () => now);
  const follow = (event: MirrorEvent, afterMs = 0): void => {
    now = new Date(now.getTime() + afterMs);
    progress.follow(event);
  };
  return { screen, progress, follow };
}

const planned = (mirror: string): MirrorEvent => ({
  mirror,
  type: "transfer-planned",
  files: 10,
  sizeBytes: 1000,
  heldFiles: 0,
});
const moved = (mirror: string, sizeBytes: number): MirrorEvent => ({
  mirror,
  type: "transfer-progressed",
  sizeBytes,
});

describe("the bars", () => {
  test("are drawn one for each mirror below the log, which scrolls away", () => {
    const { screen, progress, follow } = progressOn();
    progress.writeAbove("INFO  one\n");
    follow(planned("noble"));
    follow(planned("jammy"));
    progress.writeAbove("INFO  two\nINFO  three\n");
    expect(screen.lines.map((line) => line.slice(0, 11))).toEqual([
      "INFO  one",
      "INFO  two",
      "INFO  three",
      "noble  [>  ",
      "jammy  [>  ",
    ]);
    follow({ mirror: "noble", type: "transfer-ended" });
    expect(screen.lines.map((line) => line.slice(0, 5))).toEqual(["INFO ", "INFO ", "INFO ", "jammy"]);
    progress.close();
    expect(screen.lines).toEqual(["INFO  one", "INFO  two", "INFO  three"]);
  });

  test.each(["wraps", "cuts"] as const)(
    "leave nothing stale on a terminal of another size that %s what it shows",
    (how) => {
      const { screen, progress, follow } = progressOn(110);
      for (const mirror of ["noble", "jammy", "focal-security"]) follow(planned(mirror));
      const said: string[] = [];
      for (const columns of [60, 30, 110, 45, 200, 20, 80]) {
        screen.resize(columns, how);
        progress.writeAbove(`INFO  at ${columns}\n`);
        said.push(`INFO  at ${columns}`);
        expect(screen.lines.slice(0, -3)).toEqual(said);
        expect(screen.lines.slice(-3).map((line) => line.slice(0, 2))).toEqual(["no", "ja", "fo"]);
      }
      screen.resize(20, how);
      progress.close();
      expect(screen.lines).toEqual(said);
    },
  );

  test("are redrawn at once when the terminal changes its size", () => {
    const { screen, progress, follow } = progressOn(110);
    follow(planned("noble"));
    screen.resize(60, "wraps");
    expect(screen.lines).toEqual(["noble  [>                 ]   0%  0 B/s"]);
    progress.close();
    screen.resize(110, "wraps");
    expect(screen.lines).toEqual([]);
  });

  test("do not wrap if the terminal has just become narrower", () => {
    const { screen, progress, follow } = progressOn(110);
    const told = screen.columns;
    for (const mirror of ["noble", "jammy"]) follow(planned(mirror));
    screen.resize(30, "cuts");
    Object.defineProperty(screen, "columns", { value: told });
    progress.writeAbove("INFO  one\n");
    progress.writeAbove("INFO  two\n");
    expect(screen.lines).toHaveLength(4);
  });

  test("are erased with the ^C of the terminal after Ctrl-C", () => {
    const { screen, progress, follow } = progressOn();
    for (const mirror of ["noble", "jammy"]) follow(planned(mirror));
    screen.write("^C");
    progress.interrupt();
    expect(screen.lines).toEqual([]);
    follow(moved("noble", 250), 1000);
    progress.writeAbove("ERROR interrupted\n");
    expect(screen.lines).toEqual(["ERROR interrupted"]);
  });

  test("leave no ^C if no bar is drawn", () => {
    const { screen, progress } = progressOn();
    screen.write("^C");
    progress.interrupt();
    progress.writeAbove("ERROR interrupted\n");
    expect(screen.lines).toEqual(["ERROR interrupted"]);
  });

  test("count downloaded bytes and files", () => {
    const { screen, follow } = progressOn();
    follow(planned("noble"));
    follow(moved("noble", 250), 1000);
    follow({ mirror: "noble", type: "file-fetched", path: "a", sizeBytes: 250 }, 1000);
    expect(screen.lines).toHaveLength(1);
    expect(screen.lines[0]).toContain(" 25%  1/10 files  250 B/1.0 kB  125 B/s  6s left");
  });

  test("count files whose bytes another mirror downloaded", () => {
    const { screen, follow } = progressOn();
    follow(planned("noble"));
    follow({ mirror: "noble", type: "file-linked", path: "a", sizeBytes: 250 }, 1000);
    expect(screen.lines[0]).toContain(" 25%  1/10 files  250 B/1.0 kB");
  });

  test("count bytes that are read", () => {
    const { screen, follow } = progressOn();
    follow({ mirror: "noble", type: "reading-planned", files: 10, sizeBytes: 1000 });
    follow({ mirror: "noble", type: "reading-progressed", sizeBytes: 250 }, 1000);
    follow({ mirror: "noble", type: "file-read" }, 1000);
    expect(screen.lines[0]).toContain(" 25%  1/10 files  250 B/1.0 kB");
    follow({ mirror: "noble", type: "reading-ended" });
    expect(screen.lines).toEqual([]);
  });

  test("are drawn at most ten times a second", () => {
    const { screen, follow } = progressOn();
    follow(planned("noble"));
    const { writes } = screen;
    for (let count = 0; count < 100; count++) follow(moved("noble", 1), 10);
    expect(screen.writes - writes).toBe(10);
  });

  test("are not drawn for mirrors that download nothing", () => {
    const { screen, progress, follow } = progressOn();
    follow({ mirror: "noble", type: "transfer-planned", files: 0, sizeBytes: 0, heldFiles: 3 });
    follow(moved("jammy", 1), 1000);
    follow({ mirror: "noble", type: "sync-started" }, 1000);
    progress.close();
    expect(screen.writes).toBe(0);
  });

  test("are removed when a sync fails", () => {
    const { screen, progress, follow } = progressOn();
    follow(planned("noble"));
    follow({ mirror: "noble", type: "sync-failed", error: new Error("no") });
    progress.writeAbove("ERROR Sync failed for noble\n");
    expect(screen.lines).toEqual(["ERROR Sync failed for noble"]);
  });
});
