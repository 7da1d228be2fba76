import { expect, test } from "vitest";
import type { SuiteNote } from "../../../plan/index.ts";
import { suiteNoteText } from "./suite-notes.ts";

test.each<[string, SuiteNote]>([
  [
    'Release calls itself "stable", "bookworm", and apt will warn of that',
    { kind: "other-names", names: ["stable", "bookworm"] },
  ],
  [
    "Release has no section firmware, which another suite of this mirror has; apt will warn of that",
    { kind: "section-lacking", section: "firmware" },
  ],
  [
    "Release has no architecture arm64, which another suite of this mirror has; apt will note that",
    { kind: "architecture-lacking", architecture: "arm64", section: undefined },
  ],
  [
    "section contrib lists no architecture arm64",
    { kind: "architecture-lacking", architecture: "arm64", section: "contrib" },
  ],
  ["section main lists no Sources", { kind: "sources-lacking", section: "main" }],
  ["Release lists neither udebs nor installer images", { kind: "installer-lacking" }],
  [
    "only compressed forms of main/binary-amd64/Packages are listed, so apt takes it for absent",
    { kind: "plain-name-lacking", index: "main/binary-amd64/Packages" },
  ],
])("%s", (text, note) => {
  expect(suiteNoteText(note)).toBe(text);
});

test("quotes the names of a Release, and cuts long ones", () => {
  const text = suiteNoteText({ kind: "other-names", names: ["a\nb", "x".repeat(1_000)] });
  expect(text).toContain('"a\\nb"');
  expect(text.length).toBeLessThan(300);
});
