/** A Release that must not be trusted is refused before anything that it lists is requested, and nothing changes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTree } from "../../../test/support/index.ts";
import { bytesOf, Gpg, inOneBlock } from "../../trust/test-support.ts";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const inRelease = "/dists/stable/InRelease";
const release = "/dists/stable/Release";
const releaseGpg = "/dists/stable/Release.gpg";
const hourMs = 3_600_000;
let gpg: Gpg;

beforeAll(() => {
  gpg = new Gpg();
  const in2020 = { at: "20200101T000000" };
  gpg.makeKey("alice", "ed25519", in2020);
  gpg.makeKey("expired", "ed25519", { ...in2020, expires: "1y" });
  gpg.makeKey("weak", "rsa1024");
  gpg.makeKey("stranger");
});
afterAll(() => gpg.close());

/** A mirror that has synced once, of an upstream that has something new; the keys of gpg count as well. */
async function openSynced(signatures: "all" | "detached"): Promise<SyncedMirror> {
  const opened = await openMirror();
  const { upstream, key } = opened;
  upstream.suite("stable", { compressions: ["gz"], signatures }).addPackage("hello", "1.0-1");
  await upstream.publish();
  expect((await opened.sync()).outcome).toMatchObject({ kind: "synced" });
  upstream.suite("stable").addPackage("newcomer", "1.0-1");
  await upstream.publish();
  const keys = ["alice", "expired", "weak"].map((name) => gpg.run(["--armor", "--export", name]).toString());
  opened.trust(key.publicKeyArmored, ...keys);
  return opened;
}

/** Syncs, and expects that it fails, requests only these paths and changes nothing. Returns its messages. */
async function refused(mirror: SyncedMirror, ...asked: readonly string[]): Promise<string> {
  const before = await everything(mirror);
  const synced = await mirror.sync();
  expect(synced.outcome).toMatchObject({ kind: "failed" });
  expect(synced.asked).toEqual(asked);
  expect(await everything(mirror)).toEqual(before);
  return synced.said;
}

/** Returns everything except locks and state. */
const everything = async ({ dir }: SyncedMirror): Promise<readonly (readonly [string, string])[]> =>
  [...(await readTree(dir))].filter(([path]) => !/^\.mirrorctl\/(?:locks|state)\//.test(path));

const textOf = ({ upstream }: SyncedMirror): string => readFileSync(upstream.path(release), "latin1");
const by = (text: string, name = "alice", at?: string, ...args: string[]): string =>
  gpg.clearsign(text, [name], at, ...args);
const altered = (file: string): string => file.replace("Origin: Fake", "Origin: Evil");
const withDate = (text: string, date: Date): string =>
  text.replace(/^Date: .*$/m, `Date: ${date.toUTCString().replace("GMT", "UTC")}`);
const withField = (text: string, line: string): string => text.replace(/^Date: /m, `${line}\nDate: `);

describe("an InRelease is refused, and nothing else is requested, if it is", () => {
  const cases: readonly (readonly [name: string, make: (text: string) => string, says: string])[] = [
    ["altered", (text) => altered(by(text)), "invalid signature"],
    ["signed by an unknown key", (text) => by(text, "stranger"), "signed by unknown key 0x"],
    ["signed by an expired key", (text) => by(text, "expired", "20200601T000000"), "expired on 2020-12-31"],
    ["signed by a weak key", (text) => by(text, "weak"), "RSA of 1024 bits, expected 2048 or more"],
    [
      "signed with a weak digest",
      (text) => by(text, "alice", undefined, "--digest-algo", "SHA1"),
      "uses SHA1, expected SHA-256 or better",
    ],
    [
      "signed for a day that is over",
      (text) => by(text, "alice", "20200601T000000", "--default-sig-expire", "1d"),
      "expired on 2020-06-02",
    ],
    ["signed in the future", (text) => by(text, "alice", "20990101T000000"), "dated 2099-01-01"],
    [
      "signed well, and badly by another key that counts",
      (text) => inOneBlock(by(text), by(altered(text), "weak")),
      "invalid signature",
    ],
    ["two signed messages", (text) => by(text) + by(altered(text)), "expected only PGP signatures"],
    [
      "a message with another Release before it",
      (text) => `${altered(text)}\n${by(text)}`,
      "is not a clearsigned file",
    ],
    [
      "with another Release after it",
      (text) => `${by(text)}${altered(text)}`,
      "expected only PGP signatures",
    ],
    ["not signed", (text) => text, "is not a clearsigned file"],
    ["a page", () => "<html>Sign in</html>", "login page of a proxy"],
    ["empty", () => "", "it is empty"],
    ["of an older Date", (text) => by(withDate(text, new Date("2024-01-01"))), "older than the one held"],
    ["of no Date", (text) => by(text.replace(/^Date: .*\n/m, "")), "without a Date is older than"],
    [
      "of a Date that cannot be read",
      (text) => by(text.replace(/^Date: .*$/m, "Date: soon")),
      "without a Date is older",
    ],
    [
      "of a future Date",
      (text) => by(withDate(text, new Date(Date.now() + hourMs))),
      "Check the clock of this machine",
    ],
    [
      "past its Valid-Until",
      (text) => by(withField(text, "Valid-Until: Mon, 01 Jan 2024 00:00:00 UTC")),
      "dists/stable/InRelease: the Release expired: it was valid until 2024-01-01T00:00:00.000Z",
    ],
    [
      "of another suite",
      (text) => by(text.replace(/^(Suite|Codename): .*$/gm, "$1: oldstable")),
      'calls itself "oldstable", and the one held bore the name of the suite',
    ],
    [
      "of a Valid-Until that cannot be read",
      (text) => by(withField(text, "Valid-Until: next week")),
      'Valid-Until cannot be read: "next week"',
    ],
  ];

  // None of them changes it, so all share it.
  let mirror: SyncedMirror;
  beforeAll(async () => {
    mirror = await openSynced("all");
  });
  afterAll(() => mirror[Symbol.asyncDispose]());

  test.for(cases)("%s", async ([, make, says]) => {
    mirror.upstream.rewrite(inRelease, bytesOf(make(textOf(mirror))));
    expect(await refused(mirror, inRelease)).toContain(says);
  });

  test("and the correct one is accepted afterwards", async () => {
    mirror.upstream.rewrite(inRelease, by(textOf(mirror)));
    expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced", fetchedFiles: 1 });
  });
});

interface Pair {
  readonly text: string;
  /** Undefined: there is none. */
  readonly signature: string | Uint8Array | undefined;
}

const signed = (text: string): Pair => ({ text, signature: gpg.detach(text, "alice", "--armor") });

describe("a Release is refused, and only its signature is requested, if it is", () => {
  const cases: readonly (readonly [name: string, make: (text: string) => Pair, says: string])[] = [
    ["altered", (text) => ({ ...signed(text), text: altered(text) }), "invalid signature"],
    [
      "signed by an unknown key",
      (text) => ({ text, signature: gpg.detach(text, "stranger", "--armor") }),
      "signed by unknown key 0x",
    ],
    [
      "signed by a binary signature",
      (text) => ({ text, signature: gpg.detach(text, "alice") }),
      "expected ASCII armor",
    ],
    [
      "signed by a text before its signature",
      (text) => ({ text, signature: `ok\n${String(signed(text).signature)}` }),
      "expected only PGP signatures",
    ],
    ["not signed", (text) => ({ text, signature: undefined }), "neither InRelease nor Release.gpg"],
    ["older", (text) => signed(withDate(text, new Date("2024-01-01"))), "older than the one held"],
    ["a signed message itself", (text) => signed(by(text)), "a line without colon"],
  ];

  let mirror: SyncedMirror;
  beforeAll(async () => {
    mirror = await openSynced("detached");
  });
  afterAll(() => mirror[Symbol.asyncDispose]());
  const put = ({ text, signature }: Pair): void => {
    mirror.upstream.rewrite(release, bytesOf(text));
    if (signature === undefined) mirror.upstream.remove(releaseGpg);
    else mirror.upstream.rewrite(releaseGpg, signature);
  };

  test.for(cases)("%s", async ([, make, says]) => {
    const text = textOf(mirror);
    put(make(text));
    const pair = [release, releaseGpg];
    // The two are not replaced together: if they do not match, both are requested again.
    const asked = says === "invalid signature" ? [...pair, ...pair] : pair;
    expect(await refused(mirror, inRelease, ...asked)).toContain(says);
    put(signed(text));
  });

  test("and the correct one is accepted afterwards", async () => {
    expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced", fetchedFiles: 1 });
  });
});

test("refuses the second suite before requesting files of the first", async () => {
  await using mirror = await openMirror(["stable", "testing"]);
  for (const name of ["stable", "testing"]) mirror.upstream.suite(name).addPackage("hello", "1.0-1");
  await mirror.upstream.publish();
  mirror.upstream.corrupt("dists/testing/InRelease");
  const { said, asked } = await mirror.sync();
  expect(said).toContain("\nPGP signature verification failed: invalid signature\n"); // which is public
  expect(said).toContain("dists/testing/InRelease: The bytes differ from what key");
  expect(asked).toEqual([inRelease, release, releaseGpg, "/dists/testing/InRelease"]);
});

test("accepts a refused Release by its own option only, with a warning", async () => {
  await using mirror = await openSynced("all");
  // Of other lengths, so that the server does not take one for another that came within the same second.
  const text = (note: string): string => withField(textOf(mirror), `Note: ${note}`);
  const options: readonly (readonly [option: string, file: string])[] = [
    ["allow_expired", by(withField(text("a"), "Valid-Until: Mon, 01 Jan 2024 00:00:00 UTC"))],
    ["allow_expired_keys", by(text("abc"), "expired", "20200601T000000")],
    ["allow_renamed", by(text("ab").replace(/^(Suite|Codename): .*$/gm, "$1: oldstable"))],
    ["allow_older", by(withDate(text("abcd"), new Date("2024-01-01")))],
    ["allow_future", by(withDate(text("abcde"), new Date(Date.now() + hourMs)), "alice", "20990101T000000")],
  ];
  for (const [option, file] of options) {
    mirror.upstream.rewrite(inRelease, bytesOf(file));
    const others = options.filter(([other]) => other !== option).map(([other]) => `${other} = true\n`);
    expect((await mirror.sync({ extra: others.join("") })).outcome).toMatchObject({ kind: "failed" });
    const { outcome, said } = await mirror.sync({ extra: `${option} = true\n` });
    expect(outcome).toMatchObject({ kind: "synced" });
    expect(said).toContain(`(accepted: ${option})`);
  }
});

describe("the keys that may sign are", () => {
  let mirror: SyncedMirror;
  beforeAll(async () => {
    mirror = await openSynced("all");
  });
  afterAll(() => mirror[Symbol.asyncDispose]());
  const kindOf = async (extra: string): Promise<string> => (await mirror.sync({ extra })).outcome.kind;

  test("those of every configured file, whatever its name", async () => {
    writeFileSync(join(mirror.dir, "../armored.gpg"), gpg.run(["--armor", "--export", "alice"]));
    writeFileSync(join(mirror.dir, "../binary.asc"), gpg.export("stranger"));
    for (const name of ["stranger", "alice"]) {
      mirror.upstream.rewrite(inRelease, by(withField(textOf(mirror), `Note: ${name}`), name));
      expect(await kindOf("")).toBe(name === "alice" ? "synced" : "failed");
      expect(await kindOf('pgp_key_path = ["armored.gpg", "binary.asc"]\n')).toBe("synced");
    }
  });

  test("only those that signed_by names", async () => {
    mirror.upstream.rewrite(inRelease, by(withField(textOf(mirror), "Note: signed_by")));
    const [alice, weak] = ["alice", "weak"].map((name) => gpg.fingerprints(name)[0]);
    expect(await kindOf(`signed_by = "${weak}"\n`)).toBe("failed");
    expect(await kindOf(`signed_by = ["${weak}", "${alice?.toLowerCase()}!"]\n`)).toBe("synced");
  });

  test("any or none with no_pgp_check", async () => {
    mirror.upstream.rewrite(
      inRelease,
      altered(by(withField(textOf(mirror), "Note: no_pgp_check"), "stranger")),
    );
    expect(await kindOf("")).toBe("failed");
    expect(await kindOf("no_pgp_check = true\n")).toBe("synced");
  });
});
