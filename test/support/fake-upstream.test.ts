import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "./digests.ts";
import { type FakeUpstream, fakeUpstream } from "./fake-upstream.ts";
import { runProgram } from "./run-program.ts";
import { createSigningKey, type SigningKey } from "./signing-key.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { assertNoTemporaryFiles, listFiles, readTree } from "./trees.ts";

let key: SigningKey;
beforeAll(async () => {
  key = await createSigningKey();
});

const helloDeb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
const textOf = (upstream: FakeUpstream, path: string) => readFileSync(upstream.path(path), "utf8");
const packagesOf = (upstream: FakeUpstream, path: string) =>
  gunzipSync(readFileSync(upstream.path(path))).toString();

/** Returns name -> [digest, size] of one section of a Release. */
function listedIn(release: string, section: string): Map<string, readonly [string, number]> {
  const lines = new RegExp(`^${section}:\\n((?: .*\\n)*)`, "m").exec(release)?.[1] ?? "";
  return new Map(
    [...lines.matchAll(/^ (\S+) +(\d+) (\S+)$/gm)].map(([, hex = "", size, name = ""]) => [
      name,
      [hex, Number(size)],
    ]),
  );
}

test("writes packages, indices and Release files as Release lists them", async () => {
  await using directory = await temporaryDirectory();
  const upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
  upstream
    .suite("stable", { compressions: ["gz"], digests: ["MD5Sum", "SHA256"] })
    .addPackage("hello", "1.0-1")
    .addPackage("libdata", "2:3", { architecture: "all" });
  await upstream.publish();

  const main = "dists/stable/main/binary-amd64";
  const release = textOf(upstream, "dists/stable/Release");
  const visible = (await listFiles(upstream.dir)).filter((path) => !path.includes("by-hash"));
  expect(visible).toEqual([
    "dists/stable/InRelease",
    "dists/stable/Release",
    "dists/stable/Release.gpg",
    `${main}/Packages.gz`,
    `${main}/Release`,
    helloDeb,
    "pool/main/libd/libdata/libdata_3_all.deb",
  ]);
  for (const [section, digest] of [["MD5Sum", "MD5Sum"] as const, ["SHA256", "SHA256"] as const]) {
    const listed = listedIn(release, section);
    expect([...listed.keys()]).toEqual([
      "main/binary-amd64/Packages",
      "main/binary-amd64/Packages.gz",
      "main/binary-amd64/Release",
    ]);
    const gz = readFileSync(upstream.path(`${main}/Packages.gz`));
    expect(listed.get("main/binary-amd64/Packages.gz")).toEqual([digestOf(gz, digest), gz.length]);
    const plain = gunzipSync(gz);
    expect(listed.get("main/binary-amd64/Packages")).toEqual([digestOf(plain, digest), plain.length]);
    expect(readFileSync(upstream.path(`${main}/by-hash/${section}/${digestOf(gz, digest)}`)).equals(gz)).toBe(
      true,
    );
  }
  expect(release).not.toContain("SHA512:");
  const packages = packagesOf(upstream, `${main}/Packages.gz`);
  expect(packages).toContain(`Filename: ${helloDeb}\n`);
  expect(packages).toContain(`SHA256: ${digestOf(readFileSync(upstream.path(helloDeb)), "SHA256")}\n`);
  expect(packages.split("\n\n")).toHaveLength(3);
  expect(packages.endsWith("\n\n")).toBe(true);
  await assertNoTemporaryFiles(upstream.dir);
});

test.each([
  ["all", ["InRelease", "Release", "Release.gpg"]],
  ["inline", ["InRelease"]],
  ["detached", ["Release", "Release.gpg"]],
  ["none", ["Release"]],
] as const)("with signatures %s, has %o, and gpgv agrees", async (signatures, expected) => {
  await using directory = await temporaryDirectory();
  const upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
  upstream.suite("stable", { signatures });
  await upstream.publish();
  const there = ["InRelease", "Release", "Release.gpg"].filter((name) =>
    existsSync(upstream.path(`dists/stable/${name}`)),
  );
  expect(there).toEqual(expected);
  const path = (name: string) => upstream.path(`dists/stable/${name}`);
  const keyring = directory.join("keyring.gpg");
  writeFileSync(keyring, key.publicKeyBinary);
  const signed = [[path("InRelease")], [path("Release.gpg"), path("Release")]].filter(([first = ""]) =>
    existsSync(first),
  );
  for (const files of signed) {
    const { exitCode, output } = await runProgram("gpgv", [
      "--homedir",
      directory.path,
      "--keyring",
      keyring,
      ...files,
    ]);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  }
});

test("signs a Release with given dates, fields and odd texts", async () => {
  await using directory = await temporaryDirectory();
  const upstream = await fakeUpstream({ dir: directory.path, signedBy: key });
  upstream.suite("stable", {
    date: "2026-01-02T03:04:05Z",
    validUntil: "2035-01-01",
    acquireByHash: false,
    architectures: ["all", "amd64"],
    extraReleaseFields: { Codename: "twig", Label: "" },
    editRelease: (text) => `${text}Late: yes\n`,
  });
  await upstream.publish();
  const release = textOf(upstream, "dists/stable/Release");
  const fields = [
    "Suite: stable",
    "Codename: twig",
    "Date: Fri, 02 Jan 2026 03:04:05 UTC",
    "Valid-Until: Mon, 01 Jan 2035 00:00:00 UTC",
    "Architectures: all amd64",
    "No-Support-for-Architecture-all: Packages",
    "Late: yes",
  ];
  expect(release.split("\n")).toEqual(expect.arrayContaining(fields));
  expect(release).not.toMatch(/^(Label|Acquire-By-Hash):/m);
  expect(textOf(upstream, "dists/stable/InRelease")).toContain(release);
  expect((await listFiles(directory.path)).filter((path) => path.includes("by-hash"))).toEqual([]);
});

test("has the configured compressions, and the plain index only if configured", async () => {
  await using directory = await temporaryDirectory();
  const upstream = await fakeUpstream({ dir: directory.path, signedBy: key });
  upstream.suite("rich", { compressions: ["gz", "xz", "bz2", "zst"], listPlainButAbsent: false });
  upstream.suite("poor", { compressions: [] });
  upstream.suite("rich").addPackage("hello", "1.0-1");
  await upstream.publish();
  const index = "dists/rich/main/binary-amd64/Packages";
  const plain = textOf(upstream, index);
  expect(plain).toContain("Package: hello\n");
  expect(packagesOf(upstream, `${index}.gz`)).toBe(plain);
  expect(zstdDecompressSync(readFileSync(upstream.path(`${index}.zst`))).toString()).toBe(plain);
  for (const [program, extension] of [["xz", "xz"] as const, ["bzip2", "bz2"] as const]) {
    const { stdout } = await runProgram(program, ["-dc", upstream.path(`${index}.${extension}`)]);
    expect(stdout.toString()).toBe(plain);
  }
  expect(existsSync(upstream.path("dists/poor/main/binary-amd64/Packages"))).toBe(true);
});

test("places packages by component, architecture, all, and given Filename", async () => {
  await using directory = await temporaryDirectory();
  const upstream = await fakeUpstream({ dir: directory.path, signedBy: key });
  upstream
    .suite("stable", { components: ["main", "extra"], architectures: ["all", "amd64", "arm64"] })
    .addPackage("everywhere", "1", { architecture: "all" })
    .addPackage("arm", "1", { architecture: "arm64", component: "extra" })
    .addPackage("odd", "1", { filename: "./dists/stable/pool/odd_1%3a.deb" });
  await upstream.publish();
  const namesIn = (component: string, architecture: string) =>
    [
      ...packagesOf(upstream, `dists/stable/${component}/binary-${architecture}/Packages.gz`).matchAll(
        /^Package: (.*)$/gm,
      ),
    ].map(([, name]) => name);
  expect(namesIn("main", "all")).toEqual(["everywhere"]);
  expect(namesIn("main", "amd64")).toEqual(["everywhere", "odd"]);
  expect(namesIn("main", "arm64")).toEqual(["everywhere"]);
  expect(namesIn("extra", "arm64")).toEqual(["arm"]);
  expect(existsSync(upstream.path("dists/stable/pool/odd_1%3a.deb"))).toBe(true);
});

describe("publishing again", () => {
  test("dates the Release an hour later, and the files that changed", async () => {
    await using directory = await temporaryDirectory();
    const upstream = await fakeUpstream({ dir: directory.path, signedBy: key });
    const suite = upstream.suite("stable").addPackage("hello", "1.0-1");
    const first = await upstream.publish();
    suite.addPackage("world", "1");
    const second = await upstream.publish();
    expect(second.getTime() - first.getTime()).toBe(3_600_000);
    expect(second.getTime()).toBeLessThan(Date.now());
    expect(statSync(upstream.path(helloDeb)).mtime).toEqual(first);
    expect(statSync(upstream.path("dists/stable/InRelease")).mtime).toEqual(second);
    const third = await upstream.publish({ date: new Date(first.getTime() - 1000) });
    expect(statSync(upstream.path("dists/stable/InRelease")).mtime).toEqual(third);
  });

  test("keeps by-hash files, and removes files that no suite lists any more", async () => {
    await using directory = await temporaryDirectory();
    const upstream = await fakeUpstream({ dir: directory.path, signedBy: key });
    const suite = upstream.suite("stable").addPackage("hello", "1.0-1");
    await upstream.publish();
    const byHash = (await listFiles(directory.path)).filter((path) => path.includes("by-hash"));
    suite.removePackage("hello", "1.0-1").addPackage("hello", "1.1-1");
    await upstream.publish();
    const files = await listFiles(directory.path);
    expect(files).toEqual(expect.arrayContaining(byHash));
    expect(files.filter((path) => path.endsWith(".deb"))).toEqual([helloDeb.replace("1.0-1", "1.1-1")]);
    expect(() => suite.removePackage("hello", "1.0-1")).toThrow("the suite has no hello 1.0-1");
  });

  test("repairs files that were tampered with", async () => {
    await using directory = await temporaryDirectory();
    const upstream = await fakeUpstream({ dir: directory.path, signedBy: key });
    upstream.suite("stable", { date: "2026-01-01" }).addPackage("hello", "1.0-1");
    await upstream.publish();
    const original = await readTree(directory.path);
    const size = statSync(upstream.path(helloDeb)).size;

    upstream.corrupt(helloDeb);
    expect(statSync(upstream.path(helloDeb)).size).toBe(size);
    expect((await readTree(directory.path)).get(helloDeb)).not.toBe(original.get(helloDeb));
    upstream.truncate(helloDeb);
    expect(statSync(upstream.path(helloDeb)).size).toBe(Math.floor(size / 2));
    upstream.rewrite("dists/stable/InRelease", "unsigned\n");
    upstream.remove("dists/stable/Release.gpg");
    expect((await readTree(directory.path)).size).toBe(original.size - 1);

    await upstream.publish();
    expect(await readTree(directory.path)).toEqual(original);
  });
});

test("lists Translations, Contents, DEP-11, Commands, Sources and given files", async () => {
  await using directory = await temporaryDirectory();
  const upstream = await fakeUpstream({ dir: directory.path, signedBy: key });
  upstream
    .suite("stable", { compressions: ["gz"] })
    .addPackage("hello", "1.0-1", { fields: { Description: "short\n long" } })
    .addSource("hello", "1.0-1")
    .addTranslation("en")
    .addContents()
    .addDep11()
    .addCnf()
    .addFile("main/installer-amd64/current/images/SHA256SUMS", "none\n");
  await upstream.publish();
  const listed = [...listedIn(textOf(upstream, "dists/stable/Release"), "SHA512").keys()];
  expect(listed.filter((name) => !name.endsWith(".gz"))).toEqual([
    "main/Contents-amd64",
    "main/binary-amd64/Packages",
    "main/binary-amd64/Release",
    "main/cnf/Commands-amd64",
    "main/dep11/Components-amd64.yml",
    "main/dep11/icons-48x48.tar",
    "main/dep11/icons-64x64.tar",
    "main/i18n/Translation-en",
    "main/installer-amd64/current/images/SHA256SUMS",
    "main/source/Release",
    "main/source/Sources",
  ]);
  expect(packagesOf(upstream, "dists/stable/main/i18n/Translation-en.gz")).toBe(
    `Package: hello\nDescription-md5: ${digestOf("short\n long\n", "MD5Sum")}\nDescription-en: short\n long\n\n`,
  );
  expect(packagesOf(upstream, "dists/stable/main/Contents-amd64.gz")).toBe(
    "usr/share/doc/hello/README  misc/hello\n",
  );
});

test.each([
  ["/", "", "./hello_1_amd64.deb"],
  ["sub/", "sub/", "sub/hello_1_amd64.deb"],
])("a suite %s is flat", async (suite, base, filename) => {
  await using directory = await temporaryDirectory();
  const upstream = await fakeUpstream({ dir: directory.path, signedBy: key });
  upstream.suite(suite, { compressions: ["gz"] }).addPackage("hello", "1");
  await upstream.publish();
  expect(packagesOf(upstream, `${base}Packages.gz`)).toContain(`Filename: ${filename}\n`);
  expect((await listFiles(directory.path)).filter((path) => !path.includes("by-hash"))).toEqual(
    ["InRelease", "Packages.gz", "Release", "Release.gpg", "hello_1_amd64.deb"].map((name) => base + name),
  );
  expect(textOf(upstream, `${base}Release`)).not.toMatch(/^(Components|Architectures):/m);
});

test("refuses two contents for one path, and new options for a suite", async () => {
  await using directory = await temporaryDirectory();
  const upstream = await fakeUpstream({ dir: directory.path, signedBy: key });
  upstream.suite("a").addPackage("hello", "1.0-1");
  upstream.suite("b").addPackage("hello", "1.0-1", { files: { other: "x" } });
  await expect(upstream.publish()).rejects.toThrow(`two files claim ${helloDeb}`);
  expect(() => upstream.suite("a", {})).toThrow("its options cannot change");
});
