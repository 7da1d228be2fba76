import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PackageOptions } from "../../../test/support/index.ts";
import { listFiles } from "../../../test/support/index.ts";
import type { SnapshotDiffAnswer } from "../../report/json/schemas/snapshot-diff.ts";
import { type Mirrors, openMirrors } from "../verify/test-support.ts";

const entry = (source: string, version: string, text: string, urgency = "medium") =>
  `${source} (${version}) stable; urgency=${urgency}\n\n  * ${text}\n\n -- Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000\n\n`;

/** A package with a changelog. `padding` makes the .deb larger. */
const documented = (
  name: string,
  text: string,
  { padding = 0, ...options }: PackageOptions & { padding?: number } = {},
): PackageOptions => ({
  files: {
    [`usr/share/doc/${name}/changelog.Debian`]: text,
    ...(padding === 0
      ? {}
      : { "usr/lib/padding": Array.from({ length: padding }, (_, at) => String(at * 7919)).join() }),
  },
  ...options,
});

const linked = (name: string, target: string, options: PackageOptions = {}): PackageOptions => ({
  files: {},
  links: { [`usr/share/doc/${name}`]: target },
  ...options,
});

/** Opens a mirror whose snapshot "one" is in production, and whose working mirror has what `change` made of the suite. */
async function openChanged(change: (mirrors: Mirrors) => void): Promise<Mirrors> {
  const mirrors = await openMirrors();
  mirrors.configure({ m: {} }, { snapshot: {} });
  mirrors.upstream.suite("stable").addPackage("libssl3", "3.0-1", { fields: { Source: "openssl" } });
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one"]);
  await mirrors.run(["snapshot", "publish", "m", "one"]);
  change(mirrors);
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  return mirrors;
}

const opensslText = [
  entry("openssl", "3.0-3", "Fix CVE-2026-20002. Closes: #7", "high"),
  entry("openssl", "3.0-2", "Fix CVE-2026-10001."),
  entry("openssl", "3.0-1", "Fix CVE-2025-10000."),
].join("");

const upgradeOpenssl = ({ upstream }: Mirrors): void => {
  const fields = { Source: "openssl" };
  upstream
    .suite("stable")
    .removePackage("libssl3")
    .addPackage("libssl3", "3.0-3", documented("libssl3", opensslText, { fields }));
};

async function diff(mirrors: Mirrors, ...args: readonly string[]): Promise<SnapshotDiffAnswer> {
  const { out } = await mirrors.run([
    "--json",
    "snapshot",
    "diff",
    "m",
    "one",
    "working",
    "--changelogs",
    ...args,
  ]);
  return JSON.parse(out) as SnapshotDiffAnswer;
}

const cacheOf = ({ dir }: Mirrors): string => join(dir, ".mirrorctl/state/changelogs");
const cached = async (mirrors: Mirrors): Promise<readonly string[]> =>
  (await listFiles(cacheOf(mirrors))).filter((path) => path.endsWith(".json.gz"));

test("an upgrade has the entries between the two versions of its source", async () => {
  const mirrors = await openChanged(upgradeOpenssl);
  const { cves, changelogs } = await diff(mirrors);
  expect(cves).toEqual(["CVE-2026-10001", "CVE-2026-20002"]);
  expect(changelogs).toMatchObject([
    {
      source: "openssl",
      before: "3.0-1",
      after: "3.0-3",
      found: "entries",
      urgency: "high",
      debianBugs: ["7"],
      isCut: false,
      entries: [{ version: "3.0-3" }, { version: "3.0-2", text: "  * Fix CVE-2026-10001." }],
    },
  ]);
});

test("is read only if it is asked for", async () => {
  const mirrors = await openChanged(upgradeOpenssl);
  const { out } = await mirrors.run(["--json", "snapshot", "diff", "m", "one", "working"]);
  expect(JSON.parse(out)).not.toHaveProperty("cves");
  expect(await diff(mirrors, "--source", "other")).toMatchObject({ cves: [], changelogs: [] });
});

test("the smallest package of the source is read", async () => {
  const mirrors = await openChanged(({ upstream }) => {
    const fields = { Source: "openssl" };
    const other = entry("openssl", "3.0-3", "Another text.");
    upstream
      .suite("stable")
      .removePackage("libssl3")
      .addPackage("libssl3", "3.0-3", documented("libssl3", other, { fields, padding: 9000 }))
      .addPackage("openssl", "3.0-3", documented("openssl", opensslText));
  });
  expect((await diff(mirrors)).changelogs).toMatchObject([
    { entries: [{ version: "3.0-3" }, { version: "3.0-2" }] },
  ]);
});

describe("a package whose directory is a link", () => {
  const fields = { Source: "openssl" };
  test("leads to another package of the source", async () => {
    const mirrors = await openChanged(({ upstream }) => {
      upstream
        .suite("stable")
        .addPackage(
          "a-small",
          "3.0-3",
          documented("a-small", entry("openssl", "3.0-3", "Wrong."), { fields, padding: 50 }),
        )
        .addPackage("libssl-dev", "3.0-3", linked("libssl-dev", "libssl3", { fields }))
        .removePackage("libssl3")
        .addPackage("libssl3", "3.0-3", documented("libssl3", opensslText, { fields, padding: 9000 }));
    });
    expect((await diff(mirrors)).changelogs).toMatchObject([
      { entries: [{ version: "3.0-3" }, { version: "3.0-2" }] },
    ]);
    expect(await cached(mirrors)).toHaveLength(2);
  });

  test("has none if links lead in a circle, or to another source", async () => {
    const mirrors = await openChanged(({ upstream }) => {
      upstream
        .suite("stable")
        .removePackage("libssl3")
        .addPackage("libssl3", "3.0-3", linked("libssl3", "libssl-dev", { fields }))
        .addPackage("libssl-dev", "3.0-3", linked("libssl-dev", "libssl3", { fields }))
        .addPackage("alone", "1.0", linked("alone", "hello"));
    });
    expect((await diff(mirrors)).changelogs).toMatchObject([
      { source: "alone", found: "none" },
      { source: "openssl", found: "none" },
    ]);
  });
});

test("a hostile package keeps no other from being read", async () => {
  const mirrors = await openChanged((all) => {
    upgradeOpenssl(all);
    all.upstream.suite("stable").addPackage("vendor", "1.0").addPackage("hostile", "1.0");
  });
  const path = mirrors.file("pool/main/h/hostile/hostile_1.0_amd64.deb");
  rmSync(path);
  writeFileSync(path, "!<arch>\nno archive");
  const { changelogs } = await diff(mirrors);
  expect(changelogs).toMatchObject([
    { source: "hostile", found: "unreadable" },
    { source: "openssl", found: "entries" },
    { source: "vendor", found: "none" },
  ]);
  expect(changelogs?.[0]?.message).toMatch(/^hostile 1\.0 \(new\): .*hostile_1\.0_amd64\.deb: .*ar archive/);
});

test("a downgrade and a rebuild have no new entries", async () => {
  const mirrors = await openChanged(({ upstream }) => {
    const fields = { Source: "openssl (3.0-1)" };
    upstream
      .suite("stable")
      .removePackage("libssl3")
      .addPackage("libssl3", "3.0-1+b1", documented("libssl3", opensslText, { fields }))
      .removePackage("hello")
      .addPackage("hello", "0.9", documented("hello", entry("hello", "0.9", "Old.")));
  });
  expect((await diff(mirrors)).changelogs).toEqual([]);
});

const kernel = (version: string) => ({
  fields: { Source: "linux" },
  files: {
    [`usr/share/doc/linux-image-${version}/changelog.Debian`]: ["9", "8", "7", "1.0"]
      .map((one) => entry("linux", one, `Fix ${one}.`))
      .join(""),
  },
});

test("a kernel with its version in the names of its packages follows the one before", async () => {
  const mirrors = await openChanged(({ upstream }) => {
    upstream.suite("stable").addPackage("linux-image-7", "7", kernel("7"));
  });
  await mirrors.run(["snapshot", "create", "m", "two"]);
  mirrors.upstream
    .suite("stable")
    .removePackage("linux-image-7")
    .addPackage("linux-image-9", "9", kernel("9"));
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  const { out } = await mirrors.run(["--json", "snapshot", "diff", "m", "two", "working", "--changelogs"]);
  expect((JSON.parse(out) as SnapshotDiffAnswer).changelogs).toMatchObject([
    { source: "linux", before: "7", after: "9", entries: [{ version: "9" }, { version: "8" }] },
  ]);
});

describe("the cache", () => {
  test("has what was read before, under the digest of the package", async () => {
    const mirrors = await openChanged(upgradeOpenssl);
    const first = await diff(mirrors);
    const [name = ""] = await cached(mirrors);
    expect(name).toMatch(/^([0-9a-f]{2})\/\1[0-9a-f]{62}\.json\.gz$/);
    const deb = mirrors.file("pool/main/o/openssl/libssl3_3.0-3_amd64.deb");
    rmSync(deb);
    writeFileSync(deb, "no archive");
    expect(await diff(mirrors)).toEqual(first);
  });

  test("is not needed, and a damaged file of it is none", async () => {
    const mirrors = await openChanged(upgradeOpenssl);
    const first = await diff(mirrors);
    const [name = ""] = await cached(mirrors);
    writeFileSync(join(cacheOf(mirrors), name), "damaged");
    expect(await diff(mirrors)).toEqual(first);
    rmSync(cacheOf(mirrors), { recursive: true });
    writeFileSync(cacheOf(mirrors), "a file in its place");
    expect(await diff(mirrors)).toEqual(first);
  });

  test("keeps thirty-two files in a directory", async () => {
    const mirrors = await openChanged(upgradeOpenssl);
    await diff(mirrors);
    const [name = ""] = await cached(mirrors);
    const directory = join(cacheOf(mirrors), name.slice(0, 2));
    for (let number = 0; number < 40; number += 1) writeFileSync(join(directory, `${number}.json.gz`), "");
    rmSync(join(cacheOf(mirrors), name));
    await diff(mirrors);
    expect(readdirSync(directory)).toHaveLength(32);
    expect(readdirSync(directory)).toContain(name.slice(3));
  });
});
