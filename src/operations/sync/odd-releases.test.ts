/** Complete syncs of signed Releases that apt reads although something in them is malformed. */
import { expect, test } from "vitest";
import type { FakeSuite, SuiteOptions } from "../../../test/support/index.ts";
import { openMirror, type Synced } from "./test-support.ts";

const binary = "dists/stable/main/binary-amd64";
const inRelease = "dists/stable/InRelease";

interface OddSync extends Synced {
  readonly tree: readonly string[];
}

async function syncOdd(
  editRelease: (text: string) => string,
  { extra = "", ...options }: SuiteOptions & { readonly extra?: string } = {},
  add: (suite: FakeSuite) => unknown = () => undefined,
): Promise<OddSync> {
  await using mirror = await openMirror();
  const usual = { compressions: ["gz"], acquireByHash: false, digests: ["MD5Sum", "SHA256"] } as const;
  add(mirror.upstream.suite("stable", { ...usual, editRelease, ...options }).addPackage("hello", "1.0-1"));
  await mirror.upstream.publish();
  const synced = await mirror.sync({ extra });
  const tree = synced.outcome.kind === "synced" ? [...(await mirror.tree()).keys()] : [];
  return { ...synced, tree };
}

const after =
  (field: string, lines: string) =>
  (text: string): string =>
    text.replace(new RegExp(`^${field}:.*\n`, "m"), (line) => line + lines);

test.each([
  ["a broken line", after("Architectures", "arm64\n"), `:10: a broken line is ignored, as apt does: "arm64"`],
  ["a comment", after("Label", "# us: or them\n"), "InRelease:6: a broken line is ignored"],
  ["an empty Valid-Until", after("Label", "Valid-Until:\n"), ""],
  [
    "a Date as asctime writes it",
    (text: string) => text.replace(/^Date: .*$/m, "Date: Sun Nov  6 08:49:37 1994"),
    "",
  ],
  [
    "a Date of RFC 850",
    (text: string) => text.replace(/^Date: .*$/m, "Date: Sunday, 06-Nov-94 08:49:37 GMT"),
    "Date has a short year",
  ],
  [
    "an unneeded entry with a digest of another length",
    after("SHA256", " d41d8cd98f00b204e9800998ecf8427e 0 contrib/binary-s390x/Packages\n"),
    'SHA256 lists "d41d8cd98f00b204e9800998ecf8427e 0 contrib/binary-s390x/Packages": not a SHA256 digest',
  ],
  [
    "an entry of a form that apt does not request",
    after("SHA256", " - 0 main/binary-amd64/Packages.diff/Index\n"),
    "SHA256 lists",
  ],
])("a Release with %s is mirrored", async (_, editRelease, remark) => {
  const { outcome, said, tree } = await syncOdd(editRelease);
  expect([outcome.kind, said]).toEqual(["synced", expect.anything()]);
  expect(said).toContain(remark === "" ? "" : inRelease);
  expect(said).toContain(remark);
  expect(tree).toEqual(
    expect.arrayContaining([`${binary}/Packages.gz`, "pool/main/h/hello/hello_1.0-1_amd64.deb"]),
  );
});

/** Replaces the size of a file in the list of SHA-256. */
const withSize =
  (name: string, size: string) =>
  (text: string): string => {
    const [before = "", strong = ""] = text.split("SHA256:\n");
    return `${before}SHA256:\n${strong.replace(new RegExp(` \\d+ ${name}\n`), ` ${size} ${name}\n`)}`;
  };

test.each(["main/binary-amd64/Packages", "main/binary-amd64/Packages.gz"])(
  "refuses a Release whose entry of %s is malformed, and shows the entry",
  async (name) => {
    const { outcome, said, asked } = await syncOdd(withSize(name, "0x1f"));
    expect(outcome.kind).toBe("failed");
    expect(said).toContain(`stable: the Release lists "${name}", in SHA256, in a way`);
    expect(said).toContain('not a size in bytes: "0x1f"');
    expect(asked.filter((path) => path.startsWith("/pool"))).toEqual([]);
  },
);

test("an optional index with a malformed entry can be left out", async () => {
  const edit = withSize("main/Contents-amd64.gz", "-1");
  const refused = await syncOdd(edit, {}, (suite) => suite.addContents());
  expect(refused.outcome.kind).toBe("failed");
  expect(refused.said).toContain("contents = false leaves it out");
  const { outcome, tree } = await syncOdd(edit, { extra: "contents = false\n" }, (suite) =>
    suite.addContents(),
  );
  expect([outcome.kind, tree.some((path) => path.includes("Contents"))]).toEqual(["synced", false]);
});

test("leaves out the small Release of a directory if its entry is malformed", async () => {
  const { outcome, said, tree } = await syncOdd(withSize("main/binary-amd64/Release", "?"));
  expect([outcome.kind, said]).toEqual(["synced", expect.anything()]);
  expect(said).toContain("stable: not as it is listed, and so left out: main/binary-amd64/Release\n");
  expect(tree).not.toContain(`${binary}/Release`);
});

test("refuses a Release that loses entries by a broken line, and shows it", async () => {
  const { outcome, said } = await syncOdd((text) => text.replace(/^ (.*Packages\.gz)$/m, "$1"));
  expect(outcome.kind).toBe("failed");
  expect(said).toMatch(/InRelease:\d+: a broken line in a list of files.*Packages\.gz"/);
});
