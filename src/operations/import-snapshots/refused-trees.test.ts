/** Trees of the past that are refused, or imported with a remark. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles, readTree } from "../../../test/support/index.ts";
import { Gpg } from "../../trust/test-support.ts";
import { deb, november, october, openPast } from "./test-support.ts";

const flip = (path: string): void => {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
};

const objectsIn = async (dir: string): Promise<readonly string[]> =>
  existsSync(join(dir, ".mirrorctl/objects")) ? listFiles(join(dir, ".mirrorctl/objects")) : [];

describe("a tree that is not imported", () => {
  test("lacks a file, which is named, and leaves nothing", async () => {
    const { bed, keep, past, snapshots, ...site } = await openPast();
    await keep("2025-10-01", october);
    rmSync(join(await keep("2025-11-01", november), deb("2.0")));
    const outcomes = await site.import([past]);
    expect(outcomes).toMatchObject([
      { kind: "imported", name: "2025-10-01" },
      { kind: "refused", error: { code: "FILES_MISSING", items: [expect.stringContaining(deb("2.0"))] } },
    ]);
    expect(readdirSync(snapshots).filter((name) => !name.startsWith("."))).toEqual(["2025-10-01"]);
    expect(await listFiles(join(bed.dir, ".mirrorctl/trees"))).toEqual([]);
    // Nothing is left of it in the store either.
    const names = new Set((await objectsIn(bed.dir)).map((path) => path.slice(-64)));
    const held = new Set((await readTree(join(snapshots, "2025-10-01"))).values());
    expect(names).toEqual(held);
  });

  test("has a package with other bytes of the same size", async () => {
    const { keep, past, snapshots, ...site } = await openPast();
    flip(join(await keep("2025-10-01", october), deb("1.0")));
    expect(await site.import([past])).toMatchObject([{ kind: "refused", error: { code: "FILES_MISSING" } }]);
    expect(existsSync(join(snapshots, "2025-10-01"))).toBe(false);
  });

  test("has an index with other bytes", async () => {
    const { keep, past, ...site } = await openPast();
    const copy = await keep("2025-10-01", october);
    rmSync(join(copy, "dists/stable/main/binary-amd64/by-hash"), { recursive: true });
    flip(join(copy, "dists/stable/main/binary-amd64/Packages.gz"));
    expect(await site.import([past])).toMatchObject([{ kind: "refused", error: { area: "trust" } }]);
  });

  test("has a changed Release, or none that is signed", async () => {
    const { bed, keep, past, ...site } = await openPast();
    const changed = join(await keep("2025-10-01", october), "dists/stable/InRelease");
    writeFileSync(changed, readFileSync(changed, "utf8").replace("Origin: Fake", "Origin: Evil"));
    const unsigned = await keep("2025-11-01", november);
    for (const name of ["InRelease", "Release.gpg"]) rmSync(join(unsigned, "dists/stable", name));
    expect(await site.import([past])).toMatchObject([
      { kind: "refused", error: { code: "SIGNATURE_INVALID" } },
      { kind: "refused", error: { code: "SIGNATURE_MISSING" } },
    ]);
    expect(await objectsIn(bed.dir)).toEqual([]);
  });

  test("leads out of its directory", async () => {
    const { keep, past, ...site } = await openPast();
    const copy = await keep("2025-10-01", october);
    rmSync(join(copy, deb("1.0")));
    cpSync("/etc/passwd", join(past, "outside.deb"));
    symlinkSync(join(past, "outside.deb"), join(copy, deb("1.0")));
    expect(await site.import([past])).toMatchObject([{ kind: "refused" }]);
  });

  test("is mirrorctl's own, or is not there", async () => {
    const { bed, keep, past, snapshots, ...site } = await openPast();
    await keep("2025-10-01", october);
    await site.import([past]);
    for (const own of [bed.dir, join(snapshots, "2025-10-01")])
      await expect(site.import([own])).rejects.toMatchObject({ code: "IMPORT_INSIDE" });
    const label = join(past, "label");
    writeFileSync(label, "a file");
    mkdirSync(join(past, "empty"));
    for (const [path, says] of [
      [join(past, "gone"), "does not exist"],
      [label, "is not a directory"],
      [join(past, "empty"), "has no tree of "],
    ] as const) {
      const message = expect.stringContaining(`${path} ${says}`);
      await expect(site.import([path])).rejects.toMatchObject({ code: "NOTHING_TO_IMPORT", message });
    }
  });
});

describe("a tree of another suite, which the same key signed,", () => {
  test("is imported with a remark, if the mirror holds nothing", async () => {
    const { bed, keep, past, ...site } = await openPast();
    bed.upstream.suite("stable-security").addPackage("fix", "1.0");
    const dists = join(await keep("2025-10-01", october), "dists");
    rmSync(join(dists, "stable"), { recursive: true });
    cpSync(join(dists, "stable-security"), join(dists, "stable"), { recursive: true });
    expect(await site.import([past])).toMatchObject([
      { kind: "imported", remarks: [expect.stringContaining('Release calls itself "stable-security"')] },
    ]);
  });

  test.each([
    [{}, { kind: "refused", error: { code: "RELEASE_RENAMED" } }],
    [{ allow_renamed: true }, { kind: "imported" }],
  ] as const)("is refused if the mirror has held the right suite: %j", async (extra, expected) => {
    const { bed, keep, past, run, ...site } = await openPast({ mirror: extra });
    bed.upstream.suite("stable-security").addPackage("fix", "1.0");
    const dists = join(await keep("2025-10-01", october), "dists");
    await run.sync(["debian"], { force: false, noPgpCheck: false });
    rmSync(join(dists, "stable"), { recursive: true });
    cpSync(join(dists, "stable-security"), join(dists, "stable"), { recursive: true });
    expect(await site.import([past])).toMatchObject([expected]);
  });
});

describe("what has passed since", () => {
  test("is a remark: a Valid-Until", async () => {
    const { keep, past, run, ...site } = await openPast({
      options: { validUntil: new Date("2025-10-08T08:00:00Z") },
    });
    await keep("2025-10-01", october);
    const remark = "dists/stable/InRelease: the Release expired: it was valid until 2025-10-08T08:00:00.000Z";
    expect(await site.import([past])).toMatchObject([{ kind: "imported", remarks: [remark] }]);
    expect(site.events).toContainEqual(
      expect.objectContaining({ type: "snapshot-imported", remarks: [remark] }),
    );
    // A sync of the same files still refuses it.
    const options = { force: false, noPgpCheck: false, from: join(past, "2025-10-01") };
    const [outcome] = await run.sync(["debian"], options);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "RELEASE_EXPIRED" } });
  });

  test.each([
    [
      "an expired key is a remark",
      "expired",
      { kind: "imported", remarks: [expect.stringContaining("expired")] },
    ],
    ["a revoked key is a refusal", "revoked", { kind: "refused", error: { area: "trust" } }],
  ] as const)("%s", async (_what, which, expected) => {
    using gpg = keysOf(which);
    const { bed, keep, past, ...site } = await openPast();
    const copy = await keep("2025-10-01", october);
    const release = readFileSync(join(copy, "dists/stable/Release"), "latin1");
    for (const name of ["Release", "Release.gpg"]) rmSync(join(copy, "dists/stable", name));
    const signed = gpg.sign(release);
    writeFileSync(join(copy, "dists/stable/InRelease"), signed, "latin1");
    writeFileSync(bed.keyFile, gpg.publicKey());
    expect(await site.import([past])).toMatchObject([expected]);
  });
});

/** A key that has signed on the day of the Release. */
function keysOf(which: "expired" | "revoked") {
  const gpg = new Gpg();
  const at = { at: "20250901T000000" };
  gpg.makeKey("signer", "ed25519", which === "expired" ? { ...at, expires: "60d" } : at);
  return {
    sign: (text: string): string => gpg.clearsign(text, ["signer"], "20251001T080000"),
    publicKey(): string {
      if (which === "revoked") gpg.revoke("signer");
      return gpg.run(["--armor", "--export", "signer"]).toString();
    },
    [Symbol.dispose]: () => gpg.close(),
  };
}
