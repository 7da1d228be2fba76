import { describe, expect, test } from "vitest";
import type { ComparedDetails } from "../details.ts";
import type { HistoryEntry } from "../entry.ts";
import { knownChanges, linesOfFix } from "./known-changes.ts";

const compared = (...cves: readonly string[]): ComparedDetails => ({
  kind: "compared",
  counts: {
    downgraded: 0,
    removed: 0,
    "changed-bytes": 0,
    upgraded: 1,
    rebuilt: 0,
    added: 0,
    moved: 0,
    "version-added": 0,
    "version-removed": 0,
  },
  removed: [],
  downgraded: [],
  sources: 1,
  unread: 0,
  cves,
});

type Line = readonly [
  action: string,
  from?: string | undefined,
  to?: string | undefined,
  details?: HistoryEntry["details"],
  mirror?: string,
];

/** The lines are in the order in which they happened. */
const historyOf = (lines: readonly Line[]): readonly HistoryEntry[] =>
  lines
    .map(
      ([action, from, to, details, mirror = "m"], hour): HistoryEntry => ({
        at: new Date(Date.UTC(2026, 4, 1, hour)),
        mirror,
        who: "root",
        action,
        result: "done",
        from,
        to,
        details,
      }),
    )
    .toReversed();

const created = (contents: string) => ({ kind: "created", contents }) as const;

describe("what is known of a promotion", () => {
  const fix = compared("CVE-2026-0001");
  test.each<readonly [string, readonly Line[], ComparedDetails | undefined]>([
    ["nothing, if nobody compared them", [["create", undefined, "two"]], undefined],
    [
      "the last comparison",
      [
        ["compare", "one", "two", compared()],
        ["compare", "one", "two", fix],
      ],
      fix,
    ],
    ["not that with another production", [["compare", "none", "two", fix]], undefined],
    ["not that of another snapshot", [["compare", "one", "three", fix]], undefined],
    [
      "not that of a deleted one",
      [
        ["compare", "one", "two", fix],
        ["delete", "two"],
      ],
      undefined,
    ],
    [
      "not that of a replaced one",
      [
        ["compare", "one", "two", fix],
        ["create", undefined, "two"],
      ],
      undefined,
    ],
    [
      "not that with a deleted production",
      [
        ["compare", "one", "two", fix],
        ["delete", "one"],
      ],
      undefined,
    ],
    [
      "that of a snapshot with the same contents",
      [
        ["create", undefined, "same", created("x")],
        ["compare", "one", "same", fix],
        ["create", undefined, "two", created("x")],
      ],
      fix,
    ],
    [
      "not that of one with other contents",
      [
        ["create", undefined, "other", created("y")],
        ["compare", "one", "other", fix],
        ["create", undefined, "two", created("x")],
      ],
      undefined,
    ],
  ])("is %s", (_what, lines, expected) => {
    expect(knownChanges(historyOf(lines), "one", "two")).toEqual(expected);
  });
});

describe("a fix", () => {
  const cve = "CVE-2026-0001";
  const text = (lines: readonly Line[]) =>
    linesOfFix(historyOf(lines), cve).map(({ action, from, to }) => `${action} ${from} -> ${to}`);

  test("reaches staging and production, and may leave it again", () => {
    const lines: readonly Line[] = [
      ["publish", undefined, "one"],
      ["stage", undefined, "two"],
      ["compare", "one", "two", compared()],
      ["stage", "two", "three"],
      ["compare", "one", "three", compared(cve)],
      ["promote", "one", "three"],
      ["stage", "three", "four"],
      ["compare", "three", "four", compared("CVE-2026-0002")],
      ["promote", "three", "four"],
      ["rollback", "four", "three"],
      ["rollback", "three", "one"],
    ];
    expect(text(lines)).toEqual(["rollback three -> one", "promote one -> three", "stage two -> three"]);
  });

  test("does not come with another snapshot of the name, or of another mirror", () => {
    const lines: readonly Line[] = [
      ["compare", "one", "two", compared(cve)],
      ["delete", "two"],
      ["stage", undefined, "two"],
      ["promote", "one", "two"],
      ["stage", undefined, "two", undefined, "other"],
    ];
    expect(text(lines)).toEqual([]);
  });
});
