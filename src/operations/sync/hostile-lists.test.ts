/** Hostile lists with a valid signature: they are refused with a clear message, or are harmless. Nothing bad is ever shown. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const suite = "dists/stable";
const packages = `${suite}/main/binary-amd64/Packages`;
const evil = "evil bytes\n";
const digest = (algorithm: string, bytes: string | Uint8Array): string =>
  createHash(algorithm).update(bytes).digest("hex");
const evilSha256 = digest("sha256", evil);

const strong = { SHA256: evilSha256 };

/** Returns a stanza of Packages for the evil bytes; fields of `others` replace the usual ones. */
function stanza(filename: string, others: Readonly<Record<string, string>> = strong): string {
  const fields = { Size: String(evil.length), ...others };
  const lines = Object.entries({ Filename: filename, ...fields }).map(
    ([name, value]) => `${name}: ${value}\n`,
  );
  return `Package: evil\nVersion: 1\nArchitecture: amd64\n${lines.join("")}\n`;
}

/** A mirror that has synced once. */
async function openSynced(editRelease = (text: string): string => text): Promise<SyncedMirror> {
  const mirror = await openMirror();
  mirror.upstream.suite("stable", { compressions: ["gz"], editRelease }).addPackage("hello", "1.0-1");
  await mirror.upstream.publish();
  expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced" });
  return mirror;
}

describe("a package is refused before it is requested, if it is listed", () => {
  let mirror: SyncedMirror;
  let shown: ReadonlyMap<string, string>;
  beforeAll(async () => {
    mirror = await openSynced();
    shown = await mirror.tree();
  });
  afterAll(() => mirror[Symbol.asyncDispose]());

  const metadata = "at the path of signed metadata";
  const cases: readonly (readonly [name: string, text: string, says: string])[] = [
    ["as InRelease", stanza(`${suite}/InRelease`), metadata],
    ["as the Release of the suite", stanza(`${suite}/Release`), metadata],
    ["as the signature of the suite", stanza(`./${suite}//Release.gpg`), metadata],
    ["below InRelease", stanza(`${suite}/InRelease/x`), metadata],
    ["as the directory of the suite", stanza(suite), metadata],
    ["as the directory of all suites", stanza("dists"), metadata],
    ["as an index", stanza(`${packages}.gz`), metadata],
    ["as an index that upstream lists and does not have", stanza(packages), metadata],
    ["among the digests of indices", stanza(`${suite}/main/by-hash/SHA256/${evilSha256}`), metadata],
    ["as production", stanza("current"), "choose other names under [publish]"],
    ["below staging", stanza("staging/x"), "choose other names under [publish]"],
    ["among mirrorctl's own", stanza(".mirrorctl/objects/x"), "Names that begin with a dot"],
    ["in place of the switch", stanza(".live/x"), "Names that begin with a dot"],
    ["as what configures a web server", stanza("pool/main/.htaccess"), "configures a web server"],
    ["outside the tree", stanza("../../x"), 'it has a ".." segment'],
    ["outside the tree by a detour", stanza("pool/../../../x"), 'it has a ".." segment'],
    ["at an absolute URL", stanza("http://127.0.0.1/x.deb"), "it is an absolute URL"],
    ["with a backslash", stanza("..\\x"), "it has a backslash"],
    ["with a NUL", stanza("pool/x\0.deb"), "it has a control character"],
    ["with an escape sequence", stanza("pool/\x1b[2Jx.deb"), "it has a control character"],
    ["in a path of 4,000 bytes", stanza("x/".repeat(2_000)), "it has more than 2048 bytes"],
    ["in a segment of 256 bytes", stanza(`pool/${"x".repeat(256)}`), "a segment of more than 255 bytes"],
    ["with no path", stanza("./"), "it names no file"],
    ["with a size of 2^60", stanza("pool/x", { ...strong, Size: String(2n ** 60n) }), "not a size in bytes"],
    ["with a size of 2^52", stanza("pool/x", { ...strong, Size: String(2 ** 52) }), "m needs 4.5 PB more"],
    ["with a negative size", stanza("pool/x", { ...strong, Size: "-1" }), "not a size in bytes"],
    ["with a fraction of a size", stanza("pool/x", { ...strong, Size: "1.5" }), "not a size in bytes"],
    ["with an exponent in its size", stanza("pool/x", { ...strong, Size: "1e3" }), "not a size in bytes"],
    ["with a digest too short", stanza("pool/x", { SHA256: "ab" }), "not a SHA256 digest"],
    ["with a digest too long", stanza("pool/x", { SHA256: `${evilSha256}00` }), "not a SHA256 digest"],
    ["with a digest of no digits", stanza("pool/x", { SHA256: "g".repeat(64) }), "not a SHA256 digest"],
    [
      "with digests that can be forged alone",
      stanza("pool/x", { MD5sum: digest("md5", evil), SHA1: digest("sha1", evil) }),
      "is listed without SHA256 and SHA512",
    ],
    [
      "twice, with other bytes",
      stanza("pool/x") + stanza("pool/x", { SHA256: "0".repeat(64) }),
      "with different digests",
    ],
  ];

  test.for(cases)("%s", async ([, text, says]) => {
    mirror.upstream.suite("stable").addFile("main/binary-amd64/Packages", text, "compressed");
    await mirror.upstream.publish();
    const { outcome, said, asked } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(said).toContain(says);
    expect(asked.filter((path) => !/Release(?:\.gpg)?$|by-hash|Packages/.test(path))).toEqual([]);
    expect(await mirror.tree()).toEqual(shown);
  });
});

const gz = "main/binary-amd64/Packages.gz";
const everyLineOf = (name: string): RegExp =>
  new RegExp(`^ ([0-9a-f]+) +([0-9]+) ${RegExp.escape(name)}$`, "gm");
test("a package below another is refused, in either order", async () => {
  for (const paths of [
    ["pool/x", "pool/x/y"],
    ["pool/x/y", "pool/x"],
  ]) {
    await using mirror = await openSynced();
    for (const path of paths) mirror.server.fault({ path: `/${path}`, status: 200, body: evil });
    const text = paths.map((path) => stanza(path)).join("");
    mirror.upstream.suite("stable").addFile("main/binary-amd64/Packages", text, "compressed");
    await mirror.upstream.publish();
    const { outcome, said } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(said).toContain("two paths of which one lies below the other");
  }
});

test("mirrors both of two packages whose names differ only in case", async () => {
  await using mirror = await openSynced();
  const other = "other bytes\n";
  mirror.server.fault({ path: "/pool/x.deb", status: 200, body: evil });
  mirror.server.fault({ path: "/pool/X.deb", status: 200, body: other });
  const others = { Size: String(other.length), SHA256: digest("sha256", other) };
  const text = stanza("pool/x.deb") + stanza("pool/X.deb", others);
  mirror.upstream.suite("stable").addFile("main/binary-amd64/Packages", text, "compressed");
  await mirror.upstream.publish();
  expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced" });
  const tree = await mirror.tree();
  expect([tree.get("pool/x.deb"), tree.get("pool/X.deb")]).toEqual([evilSha256, others.SHA256]);
});

/** In every list of a Release. */
const withSize = (name: string, size: string) => (text: string) =>
  text.replace(everyLineOf(name), ` $1 ${size} ${name}`);
const withZeroes = (hexDigits: number, name: string) => (text: string) =>
  text.replace(everyLineOf(name), (line, hex: string) =>
    hex.length === hexDigits ? line.replace(hex, "0".repeat(hexDigits)) : line,
  );
const lineOf = (name: string) => (text: string) =>
  text.replace("SHA256:\n", `SHA256:\n ${"0".repeat(64)} 7 ${name}\n`);
const withoutStrong = (text: string): string => text.replace(/^SHA(?:256|512):\n(?: .*\n)*/gm, "");

/** What the upstream does to its Release before it signs it. */
let edit = (text: string): string => text;

describe("a Release is refused if it lists", () => {
  let mirror: SyncedMirror;
  let shown: ReadonlyMap<string, string>;
  beforeAll(async () => {
    mirror = await openSynced((text) => edit(text));
    shown = await mirror.tree();
  });
  afterAll(() => mirror[Symbol.asyncDispose]());

  const cases: readonly (readonly [name: string, edit: (text: string) => string, says: string])[] = [
    ["an index with another MD5 beside a good SHA-256", withZeroes(32, gz), `${gz}: the md5 digest is`],
    [
      "an index with another SHA-256 beside a good SHA-512",
      withZeroes(64, gz),
      `${gz}: the sha256 digest is`,
    ],
    ["an index with digests that can be forged alone", withoutStrong, "without SHA-256 or SHA-512"],
    ["an index longer than it is", withSize(gz, "999999"), "expected 999999"],
    ["an index shorter than it is", withSize(gz, "7"), "expected 7"],
    ["an index longer than the disk has room for", withSize(gz, String(2 ** 52)), "needs 4.5 PB more"],
    [
      "more in an index than it lists of it decompressed",
      withSize("main/binary-amd64/Packages", "7"),
      "decompresses to more than the 7 bytes",
    ],
    [
      "less in an index than it lists of it decompressed",
      withSize("main/binary-amd64/Packages", "9999"),
      "decompressed: received",
    ],
    ["a size of 2^60", withSize(gz, String(2n ** 60n)), "not a size in bytes"],
    ["a negative size", withSize(gz, "-1"), "not a size in bytes"],
    ["a fraction of a size", withSize(gz, "0.5"), "not a size in bytes"],
    [
      "an index with a digest too short",
      (text) => text.replace("SHA256:\n", `SHA256:\n ${"0".repeat(63)} 7 ${gz}\n`),
      "not a SHA256 digest",
    ],
  ];

  test.for(cases)("%s", async ([, change, says]) => {
    edit = change;
    await mirror.upstream.publish();
    const { outcome, said, asked } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(said).toContain(says);
    expect(asked.filter((path) => path.includes("/pool/"))).toEqual([]);
    expect(await mirror.tree()).toEqual(shown);
  });

  test("only digests that can be forged, unless allow_weak accepts them", async () => {
    edit = withoutStrong;
    await mirror.upstream.publish();
    expect((await mirror.sync({ extra: "allow_weak = true\n" })).outcome).toMatchObject({ kind: "synced" });
  });

  test("no path outside the suite is requested, and the rest is mirrored", async () => {
    const names = [
      "../../x",
      "/etc/passwd",
      "./main/x",
      "main//x",
      "a\\b",
      "main/../../../x",
      "InRelease",
      "Release",
    ];
    edit = (text) => names.reduce((edited, name) => lineOf(name)(edited), text);
    await mirror.upstream.publish();
    const { outcome, said, asked } = await mirror.sync();
    expect(outcome).toMatchObject({ kind: "synced" });
    expect(said).toContain("apt asks for no such name; not mirrored");
    expect(asked.filter((path) => !path.startsWith(`/${suite}/`))).toEqual([]);
    expect([...(await mirror.tree()).keys()]).toEqual([...shown.keys()]);
  });
});
