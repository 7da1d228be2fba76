import { describe, expect, test } from "vitest";
import type { MirrorEvent } from "./events.ts";
import { createProgress, formatBar, type Transfer } from "./progress.ts";

const start = new Date("2026-05-04T03:02:01Z");
const later = (ms: number): Date => new Date(start.getTime() + ms);

const transfer = (more: Partial<Transfer> = {}): Transfer => ({
  mirror: "noble",
  startedAt: start,
  files: 310,
  sizeBytes: 3_000_000_000,
  filesDone: 0,
  bytesDone: 0,
  ...more,
});

describe("a bar", () => {
  test.each([
    [
      "at its start, when nothing can be said of the speed",
      transfer(),
      0,
      "noble  [>                       ]   0%  0/310 files  0 B/3.0 GB  0 B/s",
    ],
    [
      "in the middle",
      transfer({ filesDone: 120, bytesDone: 1_500_000_000 }),
      30_000,
      "noble  [============>           ]  50%  120/310 files  1.5 GB/3.0 GB  50.0 MB/s  30s left",
    ],
    [
      "at its end",
      transfer({ filesDone: 310, bytesDone: 3_000_000_000 }),
      60_000,
      "noble  [========================] 100%  310/310 files  3.0 GB/3.0 GB  50.0 MB/s  0s left",
    ],
    [
      "of files without a byte in them",
      transfer({ files: 2, sizeBytes: 0 }),
      1000,
      "noble  [========================] 100%  0/2 files  0 B/0 B  0 B/s",
    ],
  ])("%s", (_when, state, elapsedMs, line) => {
    expect(formatBar(state, later(elapsedMs), 200)).toBe(line);
  });

  test("is no longer than the terminal is wide, and never more than full", () => {
    const state = transfer({ bytesDone: 9_000_000_000 });
    expect(formatBar(state, later(1000), 40)).toHaveLength(40);
    expect(formatBar(state, later(1000), 200)).toContain("] 100%");
    expect(formatBar(state, later(1000), -1)).toBe("");
  });
});

const escape = "\u001B";

/** What a terminal shows: understands no more than what the progress writes, "n lines up" and "clear from here". */
function terminal() {
  let lines: string[] = [];
  let writes = 0;
  return {
    isTerminal: true,
    columns: 120,
    get lines() {
      return lines;
    },
    get writes() {
      return writes;
    },
    write(text: string) {
      writes++;
      const erased = text.startsWith(escape) ? /^\[(\d+)A.\[0J/.exec(text.slice(1)) : null;
      if (erased !== null) lines = lines.slice(0, lines.length - Number(erased[1]));
      const shown = erased === null ? text : text.slice(1 + erased[0].length);
      expect(shown).not.toContain(escape);
      expect(shown === "" || shown.endsWith("\n")).toBe(true);
      lines = [...lines, ...shown.split("\n").slice(0, -1)];
    },
  };
}

function progressOn() {
  const screen = terminal();
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
  test("stand one for each mirror below what is logged, which scrolls away above them", () => {
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

  test("count bytes and files as they come", () => {
    const { screen, follow } = progressOn();
    follow(planned("noble"));
    follow(moved("noble", 250), 1000);
    follow({ mirror: "noble", type: "file-fetched", path: "a", sizeBytes: 250 }, 1000);
    expect(screen.lines).toHaveLength(1);
    expect(screen.lines[0]).toContain(" 25%  1/10 files  250 B/1.0 kB  125 B/s  6s left");
  });

  test("count what is read as well as what is fetched", () => {
    const { screen, follow } = progressOn();
    follow({ mirror: "noble", type: "reading-planned", files: 10, sizeBytes: 1000 });
    follow({ mirror: "noble", type: "reading-progressed", sizeBytes: 250 }, 1000);
    follow({ mirror: "noble", type: "file-read" }, 1000);
    expect(screen.lines[0]).toContain(" 25%  1/10 files  250 B/1.0 kB");
    follow({ mirror: "noble", type: "reading-ended" });
    expect(screen.lines).toEqual([]);
  });

  test("are drawn ten times a second at most, however fast the bytes come", () => {
    const { screen, follow } = progressOn();
    follow(planned("noble"));
    const { writes } = screen;
    for (let count = 0; count < 100; count++) follow(moved("noble", 1), 10);
    expect(screen.writes - writes).toBe(10);
  });

  test("are not drawn where nothing is to come, nor for mirrors that fetch nothing", () => {
    const { screen, progress, follow } = progressOn();
    follow({ mirror: "noble", type: "transfer-planned", files: 0, sizeBytes: 0, heldFiles: 3 });
    follow(moved("jammy", 1), 1000);
    follow({ mirror: "noble", type: "sync-started" }, 1000);
    progress.close();
    expect(screen.writes).toBe(0);
  });

  test("go with a sync that fails", () => {
    const { screen, progress, follow } = progressOn();
    follow(planned("noble"));
    follow({ mirror: "noble", type: "sync-failed", error: new Error("no") });
    progress.writeAbove("ERROR Sync failed for noble\n");
    expect(screen.lines).toEqual(["ERROR Sync failed for noble"]);
  });
});
