import { expect, test } from "vitest";
import { newerEntries, parseChangelog, type SourceChangelog } from "../../changelogs/index.ts";
import { build, compareIndex, main } from "../../changes/changes.fixture.ts";
import { combineChanges } from "../../changes/index.ts";
import type { TreeDifference } from "../../operations/diff/index.ts";
import { changelogsSummary } from "./changelogs.ts";
import { differenceMarkdown } from "./markdown.ts";
import { differenceText } from "./text.ts";

const entry = (version: string, urgency: string, text: string) =>
  `x (${version}) stable; urgency=${urgency}\n\n  ${text}\n\n -- Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000\n`;

function changelog(source: string, ...texts: readonly string[]): SourceChangelog {
  const parsed = parseChangelog(Buffer.from(texts.join("")));
  return { source, before: "1", after: "3", found: { kind: "entries", ...newerEntries(parsed, "1") } };
}

const changelogs = [
  changelog("calm", entry("3", "low", "* Nothing much.")),
  changelog(
    "openssl",
    entry("3", "high", "* CVE-2026-0002. Closes: #1"),
    entry("2", "low", "* CVE-2026-0001, LP: #2."),
  ),
  changelog(
    "cut",
    entry("3", "medium", "* Some."),
    "# Older entries have been removed from this changelog.\n",
  ),
  {
    source: "hostile",
    before: undefined,
    after: "3",
    found: { kind: "unreadable", problem: "x.deb: it is\u001b[2J hostile" },
  },
  { source: "vendor", before: "1", after: "3", found: { kind: "none" } },
] satisfies readonly SourceChangelog[];

const differenceWith = (all: readonly SourceChangelog[]): TreeDifference => ({
  mirror: "m",
  from: { name: "one", shownAs: [] },
  to: { name: "two", shownAs: [] },
  ...combineChanges(compareIndex(main, [build("openssl 1")], [build("openssl 3")])),
  changelogs: all,
});

test.each([
  [[], "No source has a new version."],
  [[changelogs[0]], "No CVE in the changelogs of 1 source; the highest urgency is low"],
  [[changelogs[4]], "No CVE in the changelogs of 1 source"],
  [[changelogs[1]], "2 CVEs in the changelogs of 1 source; the highest urgency is high"],
  [
    changelogs,
    "2 CVEs in the changelogs of 1 of 5 sources; the highest urgency is high; 1 changelog cannot be read",
  ],
])("counts CVEs first", (all, summary) => {
  expect(changelogsSummary(all.filter((one) => one !== undefined))).toBe(summary);
});

test("the text has the changelogs that name CVEs first, then the urgent ones", () => {
  const text = differenceText(differenceWith(changelogs), undefined);
  expect(text).toContain("m: changes from one to two\n\n2 CVEs in the changelogs of 1 of 5 sources;");
  expect(text.slice(text.indexOf("\nopenssl") + 1)).toBe(`openssl 1 -> 3, urgency high
  CVE-2026-0002, CVE-2026-0001
  #1
  LP: #2
  3  Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000
    * CVE-2026-0002. Closes: #1
  2  Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000
    * CVE-2026-0001, LP: #2.

cut 1 -> 3, urgency medium
  3  Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000
    * Some.
  Older entries were removed from this changelog: some are missing here.

calm 1 -> 3, urgency low
  3  Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000
    * Nothing much.

hostile 3 (new)
  the changelog cannot be read: x.deb: it is\\u001b[2J hostile

vendor 1 -> 3
  no changelog in its packages
`);
});

test("the Markdown has each changelog in a block that it cannot leave", () => {
  const text = differenceMarkdown(differenceWith([changelog("a`<b>", entry("3", "low", "* ``` <b> ````"))]));
  expect(text.slice(text.indexOf("### Changelogs"))).toBe(`### Changelogs

#### a\\\`\\<b\\> 1 -\\> 3, urgency low

\`\`\`\`\`text
3  Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000
  * \`\`\` <b> \`\`\`\`
\`\`\`\`\`
`);
});
