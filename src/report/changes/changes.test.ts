import { describe, expect, test } from "vitest";
import { build, compareIndex, contrib, main } from "../../changes/changes.fixture.ts";
import { combineChanges, type PackageBuild, type Place } from "../../changes/index.ts";
import type { TreeDifference } from "../../operations/diff/index.ts";
import { snapshotDiffJson } from "../json/diff-json.ts";
import { changeText } from "./lines.ts";
import { differenceMarkdown } from "./markdown.ts";
import { differenceText } from "./text.ts";

type Lists = readonly (readonly [Place, readonly PackageBuild[], readonly PackageBuild[]])[];

const differenceOf = (lists: Lists): TreeDifference => ({
  mirror: "m",
  from: { name: "one", shownAs: ["production"] },
  to: { name: "two", shownAs: [] },
  ...combineChanges(lists.flatMap(([place, before, after]) => compareIndex(place, before, after))),
  changelogs: undefined,
});

const openssl = (version: string) => ({ sourceField: `openssl (${version})` });
const difference = differenceOf([
  [
    main,
    [
      build("bash 5.2"),
      build("gone 1"),
      build("libssl3 3.0", openssl("3.0")),
      build("openssl 3.0"),
      build("same 1", { digest: "aaaaaaaaaaaaaaaa" }),
    ],
    [
      build("bash 5.1"),
      build("libssl3 3.1", openssl("3.1")),
      build("openssl 3.1"),
      build("same 1", { digest: "bbbbbbbbbbbbbbbb" }),
      build("tool 1"),
    ],
  ],
  [contrib, [build("tool 1")], []],
]);

test("the text has counts first, then what is risky, then the rest by source", () => {
  expect(differenceText(difference, undefined)).toBe(`m: changes from one (production) to two

SUITE   SECTION  ARCHITECTURE  DOWNGRADED  REMOVED  OTHER BYTES  UPGRADED  MOVED
stable  main     amd64         1           1        1            2         1

Look at these first:
  downgraded       bash 5.2 -> 5.1 (stable main amd64)
  removed          gone 1 (stable main amd64)
  other bytes      same 1 (stable main amd64); aaaaaaaaaaaa -> bbbbbbbbbbbb

By source:
  upgraded         openssl 3.0 -> 3.1: libssl3, openssl (stable main amd64)
  moved            tool 1 (stable main amd64); from stable contrib
`);
});

test("the Markdown has the same, in tables", () => {
  expect(differenceMarkdown(difference)).toBe(`## m: changes from one (production) to two

| Suite | Section | Architecture | downgraded | removed | other bytes | upgraded | moved |
| --- | --- | --- | --- | --- | --- | --- | --- |
| stable | main | amd64 | 1 | 1 | 1 | 2 | 1 |

### Look at these first

| Change | Source | Version | Packages | Where |
| --- | --- | --- | --- | --- |
| downgraded | \`bash\` | \`5.2 -> 5.1\` | \`bash\` | stable main amd64 |
| removed | \`gone\` | \`1\` | \`gone\` | stable main amd64 |
| other bytes | \`same\` | \`1\`; aaaaaaaaaaaa -\\> bbbbbbbbbbbb | \`same\` | stable main amd64 |

### By source

| Change | Source | Version | Packages | Where |
| --- | --- | --- | --- | --- |
| upgraded | \`openssl\` | \`3.0 -> 3.1\` | \`libssl3\`, \`openssl\` | stable main amd64 |
| moved | \`tool\` | \`1\`; from stable contrib | \`tool\` | stable main amd64 |
`);
});

test("a difference without changes says so", () => {
  const none = differenceOf([]);
  expect(differenceText(none, undefined)).toBe(
    "m: changes from one (production) to two\n\nNo package differs.\n",
  );
  expect(differenceMarkdown(none)).toBe(
    "## m: changes from one (production) to two\n\nNo package differs.\n",
  );
});

test("a difference of one source package says that it is no more than that", () => {
  const one = { ...difference, onlySource: "openssl" };
  const title = "m: changes from one (production) to two, only in the source package openssl\n";
  expect(differenceText(one, undefined)).toContain(title);
  expect(differenceMarkdown(one)).toContain(title);
  expect(snapshotDiffJson(one)).toMatchObject({ onlySource: "openssl" });
  expect(snapshotDiffJson(difference)).not.toHaveProperty("onlySource");
});

test("several places have a sum, in which a package of all architectures counts once", () => {
  const all = { architecture: "all" };
  const lists: Lists = [
    [main, [], [build("a 1", all)]],
    [{ ...main, architecture: "arm64" }, [], [build("a 1", all)]],
  ];
  expect(differenceText(differenceOf(lists), undefined)).toContain(`SUITE     SECTION  ARCHITECTURE  ADDED
stable    main     amd64         1
stable    main     arm64         1
packages                         1

By source:
  added            a 1 (stable main amd64,arm64)
`);
});

const lineOf = (before: PackageBuild, after: PackageBuild) =>
  differenceOf([[main, [before], [after]]]).sources.flatMap(({ changes }) => changes.map(changeText));

const using = (version: string) => ({ builtUsing: `golang-1.19 (= ${version})` });

describe("a line", () => {
  test("names the sources that a rebuild has other versions of", () => {
    expect(lineOf(build("a 1", using("1.19.6-2")), build("a 1+b1", using("1.19.8-1")))).toEqual([
      "rebuilt a 1 -> 1+b1 (stable main amd64); with golang-1.19 1.19.6-2 -> 1.19.8-1",
    ]);
  });

  test("names another architecture and another source", () => {
    expect(lineOf(build("a 1", { sourceField: "s" }), build("a 2", { architecture: "all" }))).toEqual([
      "upgraded a 1 -> 2 (stable main amd64); amd64 -> all; source was s",
    ]);
  });
});

describe("the names of an upstream", () => {
  const hostile = differenceOf([[main, [], [build("a`|<b>\u001b[2J 1")]]]);

  test("cannot control a terminal", () => {
    expect(differenceText(hostile, undefined)).toContain("a`|<b>\\u001b[2J 1");
  });

  test("cannot leave their cell in Markdown", () => {
    expect(differenceMarkdown(hostile)).toContain("| `a'\\|<b>\\u001b[2J` | `1` |");
  });
});
