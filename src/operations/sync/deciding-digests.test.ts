/** Complete syncs of upstreams that list several digests of one file, not all of them right. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openMirror, type Synced, type SyncedMirror } from "./test-support.ts";

const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
type Edit = (text: string) => string;

/** Whether the store has the bytes already when upstream lists them as changed by `edit`. */
type Held = "held" | "fresh";

const asItIs: Edit = (text) => text;

async function syncListed(edit: Edit, held: Held, extra = ""): Promise<Synced & { tree: readonly string[] }> {
  await using mirror = await openMirror();
  let editNow = asItIs;
  const editIndex = (text: string): string => editNow(text);
  mirror.upstream.suite("stable", { editIndex }).addPackage("hello", "1.0-1").addSource("hello", "1.0-1");
  await mirror.upstream.publish();
  for (const name of ["a.deb", "b.deb"])
    mirror.upstream.rewrite(name, readFileSync(mirror.upstream.path(deb)));
  const settings = { extra: `mirror_source = true\n${extra}` };
  if (held === "held") await mirror.sync(settings);
  editNow = edit;
  await mirror.upstream.publish();
  const synced = await mirror.sync(settings);
  return { ...synced, tree: await treeOf(mirror) };
}

const treeOf = async (mirror: SyncedMirror): Promise<readonly string[]> =>
  mirror.tree().then(
    (tree) => [...tree.keys()],
    () => [],
  );

/** Changes the first digit of a digest: of a field of Packages, or of the first line of a list of Sources. */
const wrong =
  (field: string): Edit =>
  (text) =>
    text.replace(
      new RegExp(`^(${field}:\\s+)(.)`, "gm"),
      (_, before: string, digit: string) => `${before}${digit === "0" ? "1" : "0"}`,
    );

const without =
  (field: string): Edit =>
  (text) =>
    text.replace(new RegExp(`^${field}:.*\n(?: .*\n)*`, "gm"), "");

const fieldsBesideSha256 = ["MD5sum", "SHA1", "SHA512", "Files", "Checksums-Sha1", "Checksums-Sha512"];
const both: readonly Held[] = ["fresh", "held"];

describe.each(both)("bytes that are %s", (held) => {
  test.each(fieldsBesideSha256)("are mirrored with a wrong %s beside the right SHA-256", async (field) => {
    const { said, asked, tree } = await syncListed(wrong(field), held);
    expect(said).not.toContain("Sync failed");
    expect(tree).toContain(deb);
    const askedAgain = asked.filter((path) => path.startsWith("/pool"));
    expect(askedAgain).toHaveLength(held === "held" ? 0 : 4);
  });

  test.each([
    ["SHA-256 of a package", wrong("SHA256"), deb],
    ["SHA-256 of a source", wrong("Checksums-Sha256"), "hello_1.0-1.dsc"],
    [
      "SHA-512 of a package that lists no SHA-256",
      (text: string) => wrong("SHA512")(without("SHA256")(text)),
      deb,
    ],
  ])("are refused with a wrong %s", async (_, edit, name) => {
    const { outcome, said } = await syncListed(edit, held);
    expect(outcome.kind).toBe("failed");
    expect(said).toContain(`${name}: the sha`);
  });

  test.each([
    ["first", /a\.deb/],
    ["second", /b\.deb/],
  ])("are mirrored under two names, of which the %s has a wrong SHA-512", async (_, listedWrongly) => {
    const { said, tree } = await syncListed(underTwoNames(listedWrongly), held);
    expect(said).not.toContain("Sync failed");
    expect(tree).toEqual(expect.arrayContaining(["a.deb", "b.deb"]));
  });

  test("are refused if another index lists only a wrong SHA-512 for them", async () => {
    const { outcome, said } = await syncListed(twice(without("SHA512"), sha512Alone), held);
    expect(outcome.kind).toBe("failed");
    expect(said).toContain(`${deb}: the sha512 digest is`);
  });

  test("are mirrored if two stanzas agree in SHA-256 and differ in MD5", async () => {
    const { said, tree } = await syncListed(twice(wrong("MD5sum"), asItIs), held);
    expect(said).not.toContain("Sync failed");
    expect(tree).toContain(deb);
  });
});

test("an index is refused for any wrong digest, whether its bytes are held or not", async () => {
  await using mirror = await openMirror();
  let isWrong = false;
  const editRelease = (text: string): string =>
    isWrong ? text.replace(/(?<=SHA512:\n(?: .*\n)*? )./, (digit) => (digit === "0" ? "1" : "0")) : text;
  mirror.upstream.suite("stable", { editRelease, compressions: ["gz"] }).addPackage("hello", "1.0-1");
  await mirror.upstream.publish();
  expect((await mirror.sync()).outcome.kind).toBe("synced");
  isWrong = true;
  await mirror.upstream.publish();
  expect((await mirror.sync()).said).toContain("the sha512 digest is");
});

const sha512Alone: Edit = (text) => wrong("SHA512")(without("SHA256")(text));

/** Lists a package twice, changed by `first` and by `second`. */
const twice =
  (first: Edit, second: Edit): Edit =>
  (text) =>
    text.includes("Filename:") ? `${first(text)}${second(text)}` : text;

function underTwoNames(listedWrongly: RegExp): Edit {
  const named =
    (name: string): Edit =>
    (text) => {
      const stanza = text.replace(/^Filename: .*/m, `Filename: ${name}`);
      return listedWrongly.test(name) ? wrong("SHA512")(stanza) : stanza;
    };
  return twice(named("a.deb"), named("b.deb"));
}
