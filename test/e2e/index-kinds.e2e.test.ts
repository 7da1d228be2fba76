/** What a Release may list, and what a mirror makes of each kind of it, as far as a client can tell. */
import { readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type AptClientOptions,
  createAptClient,
  createWorkspace,
  type DigestName,
  debFile,
  digestOf,
  type FakeSuite,
  type FakeUpstream,
  fakeUpstream,
  type MirrorSettings,
  readTree,
  type SuiteOptions,
  serveDirectory,
  type Workspace,
} from "../support/index.ts";
import { complaintsOfApt } from "./apt-use.ts";

const binary = "dists/stable/main/binary-amd64";
const helloDeb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
const flat = { sections: undefined, architectures: undefined };

interface Stated {
  readonly settings?: MirrorSettings;
  /** Of the suite "stable", which has the package hello. */
  readonly options?: SuiteOptions;
  readonly state?: (suite: FakeSuite, upstream: FakeUpstream) => void;
}

/** An upstream that is published, and a mirror of it that has not been synced yet. */
async function createMirror({ settings = {}, options = {}, state }: Stated = {}): Promise<Workspace> {
  const workspace = await createWorkspace({ mirrors: { debian: settings } });
  const suite = workspace.upstream.suite("stable", options).addPackage("hello", "1.0-1");
  state?.(suite, workspace.upstream);
  await workspace.upstream.publish();
  return workspace;
}

const treeOf = (workspace: Workspace): Promise<ReadonlyMap<string, string>> =>
  readTree(workspace.join("www/debian/current"));

const bytesIn = (workspace: Workspace, path: string): Buffer =>
  readFileSync(workspace.join("www/debian/current", path));

const logOfSync = async (workspace: Workspace): Promise<string> => (await workspace.run(["sync"])).stderr;

/** The log of a sync that must fail, after seeing that nothing has been published. */
async function logOfFailedSync(workspace: Workspace): Promise<string> {
  const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
  expect(await workspace.published("debian")).toEqual({});
  return stderr;
}

const requestsFor = ({ server }: Workspace, pattern: RegExp): string[] =>
  server.requests.map(({ path }) => path).filter((path) => pattern.test(path));

/** A client of what is in production; `below` leads from there to the root that its sources name. */
async function clientComplaints(
  workspace: Workspace,
  suites: string,
  { below = "", install = ["hello"], ...options }: Partial<AptClientOptions & Use> = {},
): Promise<readonly string[]> {
  await using server = await serveDirectory(workspace.dir);
  return await complaintsOfApt({
    dir: workspace.join(`client-${suites.replaceAll(/\W/g, "-")}`),
    sources: `deb ${server.url}/debian/current${below} ${suites}`,
    keyrings: { "archive.asc": workspace.key.publicKeyArmored },
    install,
    ...options,
  });
}

interface Use {
  readonly below: string;
  readonly install: readonly string[];
}

describe.concurrent("the forms of an index:", () => {
  test.for(["xz", "gz", "bz2", "zst"] as const)(
    "only .%s, with the plain one listed but absent",
    async (form) => {
      await using workspace = await createMirror({ options: { compressions: [form] } });
      expect(await logOfSync(workspace)).not.toContain("WARN");
      expect(requestsFor(workspace, /\/Packages$/)).toEqual([]);
      expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
      expect(await clientComplaints(workspace, "stable main")).toEqual([]);
    },
  );

  test("only plain", async () => {
    await using workspace = await createMirror({ options: { compressions: [] } });
    expect(await logOfSync(workspace)).not.toContain("WARN");
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(await clientComplaints(workspace, "stable main")).toEqual([]);
  });

  test("every compressed one is brought; one that is listed but absent is no error", async () => {
    const forms = ["xz", "gz", "bz2", "zst"] as const;
    await using workspace = await createMirror({
      options: { compressions: forms, acquireByHash: false },
    });
    workspace.upstream.remove(`${binary}/Packages.bz2`);
    expect(await logOfSync(workspace)).not.toContain("WARN");
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
  });

  test("empty ones, alike in many directories, come by one request", async () => {
    const components = ["main", ...Array.from({ length: 12 }, (_, at) => `empty${at}`)];
    await using workspace = await createMirror({
      settings: { sections: components },
      options: { components },
    });
    await workspace.run(["sync"]);
    const requested = requestsFor(workspace, /by-hash/).map((path) => basename(path));
    expect(requested.toSorted()).toEqual([...new Set(requested)].toSorted());
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(await clientComplaints(workspace, `stable ${components.join(" ")}`)).toEqual([]);
  });

  test("one of no bytes is stored where upstream has it, and not missed where it has not", async () => {
    const options = { components: ["main", "empty", "absent"], compressions: [], acquireByHash: false };
    await using workspace = await createMirror({
      settings: { sections: options.components, mirror_source: true },
      options,
      state: (suite) => suite.addSource("hello", "1.0-1").removeSource("hello"),
    });
    for (const index of ["binary-amd64/Packages", "source/Sources"])
      workspace.upstream.remove(`dists/stable/absent/${index}`);
    await workspace.run(["sync"]);
    for (const index of ["empty/binary-amd64/Packages", "main/source/Sources"])
      expect(bytesIn(workspace, `dists/stable/${index}`)).toHaveLength(0);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(await clientComplaints(workspace, "stable main empty absent")).toEqual([]);
  });
});

describe.concurrent("of what Release lists", () => {
  test("Contents in their old place beside Release are brought for the architectures selected", async () => {
    await using workspace = await createMirror({
      state(suite) {
        for (const name of ["amd64", "i386"]) suite.addFile(`Contents-${name}`, "bin/x  x\n", "compressed");
      },
    });
    await workspace.run(["sync"]);
    const paths = [...(await treeOf(workspace)).keys()].filter((path) => path.includes("Contents"));
    expect(paths).toEqual(["dists/stable/Contents-amd64.gz", "dists/stable/Contents-amd64.xz"]);
    const target = `Acquire::IndexTargets::deb::Legacy { MetaKey "Contents-$(ARCHITECTURE)"; ShortDescription "C"; Description "C"; };`;
    expect(await clientComplaints(workspace, "stable main", { extraConf: target })).toEqual([]);
  });

  test("no Sources are asked for without mirror_source", async () => {
    await using workspace = await createMirror({ state: (suite) => suite.addSource("hello", "1.0-1") });
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /source|\.dsc$|\.orig\./)).toEqual([]);
  });

  test("binary-all and its company are brought without being named", async () => {
    await using workspace = await createMirror({
      options: { architectures: ["amd64", "all"] },
      state: (suite) => suite.addContents().addPackage("data", "1.0-1", { architecture: "all" }),
    });
    await workspace.run(["sync"]);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(requestsFor(workspace, /data_1\.0-1_all\.deb/)).toHaveLength(1);
  });

  test("patches of indices are left out, and a client that would like them updates without", async () => {
    await using workspace = await createMirror();
    await workspace.run(["sync"]);
    await using server = await serveDirectory(workspace.dir);
    const client = await createAptClient({
      dir: workspace.join("client"),
      sources: `deb ${server.url}/debian/current stable main`,
      keyrings: { "archive.asc": workspace.key.publicKeyArmored },
    });
    await client.update();
    const suite = workspace.upstream.suite("stable").addPackage("newcomer", "1.0-1");
    suite.addFile("main/binary-amd64/Packages.diff/Index", `SHA256-Current: ${"1".repeat(64)} 9\n`);
    await workspace.upstream.publish();
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /diff/)).toEqual([]);
    const { exitCode, complaints } = await client.update();
    expect({ exitCode, serious: complaints.filter((line) => /^[WE]/.test(line)) }).toEqual({
      exitCode: 0,
      serious: [],
    });
    expect(await client.policy("newcomer")).toContain("Candidate: 1.0-1");
  });

  test("an optional index that the server forbids is a warning that names it", async () => {
    await using workspace = await createMirror({
      options: { acquireByHash: false },
      state: (suite) => suite.addContents().addTranslation("en"),
    });
    workspace.server.fault({ path: /Contents|Translation/, status: 403 });
    expect(await logOfSync(workspace)).toContain(
      "WARN  stable: upstream lists but does not have 2 indices: main/Contents-amd64, main/i18n/Translation-en\n",
    );
    expect((await treeOf(workspace)).has(helloDeb)).toBe(true);
  });

  test("an architecture that is not there is a failure that names those that are", async () => {
    await using workspace = await createMirror({ settings: { architectures: ["amd64", "arm64"] } });
    expect(await logOfFailedSync(workspace)).toContain(
      "stable: Release lists no indices for architecture arm64; it lists amd64\n",
    );
  });

  test("of two entries with one name the first counts, with a warning", async () => {
    const name = "main/binary-amd64/Packages.gz";
    const editRelease = (text: string): string => `${text} ${"0".repeat(64)} 7 ${name}\n`;
    await using workspace = await createMirror({ options: { digests: ["SHA256"], editRelease } });
    expect(await logOfSync(workspace)).toContain(`"${name}": listed twice`);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(await clientComplaints(workspace, "stable main")).toEqual([]);
  });
});

const moveByHashToEnd = (text: string): string =>
  `${text.replace("Acquire-By-Hash: yes\n", "")}Acquire-By-Hash: yes\n`;

describe.concurrent("by-hash", () => {
  test("is asked for, although the field stands after the digests", async () => {
    await using workspace = await createMirror({ options: { editRelease: moveByHashToEnd } });
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /Packages/)).toEqual([]);
    expect(requestsFor(workspace, /binary-amd64\/by-hash\/SHA512\//)).toHaveLength(3);
  });

  test("has every listed algorithm and form, as other names of the same files", async () => {
    const digests: readonly DigestName[] = ["MD5Sum", "SHA1", "SHA256", "SHA512"];
    await using workspace = await createMirror({ options: { digests } });
    await workspace.run(["sync"]);
    const root = workspace.join("www/debian/current", binary);
    for (const name of ["Packages.gz", "Packages.xz", "Release"]) {
      const canonical = join(root, name);
      for (const digest of digests) {
        const other = join(root, "by-hash", digest, digestOf(readFileSync(canonical), digest));
        expect(statSync(other).ino).toBe(statSync(canonical).ino);
      }
    }
  });

  const failures: readonly (readonly [name: string, harm: (workspace: Workspace) => void])[] = [
    ["lacks it", ({ upstream }) => rmSync(upstream.path(`${binary}/by-hash`), { recursive: true })],
    ["forbids it", ({ server }) => void server.fault({ path: /by-hash/, status: 403 })],
    ["has other bytes there", ({ server }) => void server.fault({ path: /by-hash/, html: true })],
  ];

  test.for(failures)("an upstream that %s is asked for the index by its name", async ([, harm]) => {
    await using workspace = await createMirror();
    harm(workspace);
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /Packages\.gz$/)).toHaveLength(1);
    expect(await clientComplaints(workspace, "stable main")).toEqual([]);
  });
});

describe.concurrent("suites", () => {
  test("with slashes, with suffixes and by another name stand where clients look for them", async () => {
    const suites = ["stable/updates", "x-security", "oldname"];
    await using workspace = await createMirror({
      settings: { suites },
      state(_, upstream) {
        upstream.suite("stable/updates", { extraReleaseFields: { Suite: "stable", Codename: "x" } });
        upstream.suite("x-security");
        upstream.suite("oldname", { extraReleaseFields: { Suite: "oldname", Codename: "newname" } });
        for (const name of suites) upstream.suite(name).addPackage("hello", "1.0-1");
      },
    });
    expect(await logOfSync(workspace)).not.toContain("WARN");
    for (const suite of suites) expect(await clientComplaints(workspace, `${suite} main`)).toEqual([]);
  });

  test("whose Release bears another name are mirrored with the warning that apt gives", async () => {
    const extraReleaseFields = { Suite: "testing", Codename: "forky" };
    await using workspace = await createMirror({ options: { extraReleaseFields } });
    expect(await logOfSync(workspace)).toContain(
      'WARN  stable: Release calls itself "testing", "forky", and apt will warn of that\n',
    );
    expect(await clientComplaints(workspace, "stable main")).toEqual([
      expect.stringContaining("Conflicting distribution"),
    ]);
  });

  test.for(["main", "updates/main"])("with sections such as updates/main: %s", async (section) => {
    await using workspace = await createMirror({
      settings: { sections: [section] },
      options: { extraReleaseFields: { Components: "updates/main updates/contrib" } },
    });
    await workspace.run(["sync"]);
    expect((await treeOf(workspace)).has(`${binary}/Packages.xz`)).toBe(true);
    expect(await clientComplaints(workspace, "stable main")).toEqual([]);
  });
});

/** Two repositories side by side below one URL, each complete in itself, with the same name for different packages. */
async function createSideBySide(settings: MirrorSettings = {}): Promise<Workspace> {
  const workspace = await createWorkspace({
    mirrors: { debian: { ...flat, suites: ["a/", "b/"], ...settings } },
  });
  for (const name of ["a", "b"]) await publishBelow(workspace, name, ["hello"]);
  return workspace;
}

async function publishBelow(
  { upstream, key }: Workspace,
  directory: string,
  packages: readonly string[],
  options: { readonly date?: Date } = {},
): Promise<void> {
  const own = await fakeUpstream({ dir: upstream.path(directory), signedBy: key });
  const suite = own.suite("/");
  for (const name of packages) suite.addPackage(name, "1.0-1", { files: { "etc/origin": directory } });
  await own.publish(options);
}

describe.concurrent("flat suites", () => {
  test.for(["./", "a/b/"])("at %s, with a translation", async (name) => {
    await using workspace = await createMirror({
      settings: { ...flat, suites: [name] },
      state: (_, upstream) => upstream.suite(name).addPackage("hello", "1.0-1").addTranslation("en"),
    });
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /\/en\.|by-hash/).length).toBeGreaterThan(0);
    expect(await clientComplaints(workspace, name)).toEqual([]);
  });

  test("whose paths are relative to their own directory serve 'deb <mirror>/a/ /'", async () => {
    await using workspace = await createSideBySide();
    await workspace.run(["sync"]);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(bytesIn(workspace, "a/hello_1.0-1_amd64.deb")).not.toEqual(
      bytesIn(workspace, "b/hello_1.0-1_amd64.deb"),
    );
    for (const below of ["/a", "/b"])
      expect(
        await clientComplaints(workspace, "/", { below, dir: workspace.join(`client${below}`) }),
      ).toEqual([]);
  });

  test("keep their packages there when they are held already", async () => {
    await using workspace = await createSideBySide();
    await workspace.run(["sync"]);
    await publishBelow(workspace, "b", ["hello", "newcomer"], { date: new Date() });
    await workspace.run(["sync"]);
    expect([...(await treeOf(workspace)).keys()].filter((path) => path.endsWith(".deb"))).toEqual([
      "a/hello_1.0-1_amd64.deb",
      "b/hello_1.0-1_amd64.deb",
      "b/newcomer_1.0-1_amd64.deb",
    ]);
  });

  test("tell their directory by what is there, although upstream lacks the first that they list", async () => {
    await using workspace = await createSideBySide({ suites: ["a/"], allow_missing: true });
    await publishBelow(workspace, "a", ["absent", "hello"]);
    workspace.upstream.remove("a/absent_1.0-1_amd64.deb");
    const log = await logOfSync(workspace);
    expect(log).toContain(
      `a/absent_1.0-1_amd64.deb: 404 at ${workspace.server.url}/a/absent_1.0-1_amd64.deb`,
    );
    expect((await treeOf(workspace)).has("a/hello_1.0-1_amd64.deb")).toBe(true);
  });
});

describe.concurrent("two paths of the same bytes", () => {
  test("are brought by one download", async () => {
    const paths = ["pool/a/hello.deb", "pool/b/hello.deb", "pool/c/hello.deb"];
    await using workspace = await createMirror({
      state(suite) {
        suite.removePackage("hello");
        for (const filename of paths) suite.addPackage("hello", "1.0-1", { filename });
      },
    });
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /^\/pool\//)).toHaveLength(1);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
  });
});

const images = "dists/stable/main/installer-amd64";
const sums = (digest: DigestName, files: Readonly<Record<string, string>>): string =>
  Object.entries(files)
    .map(([name, content]) => `${digestOf(content, digest)}  ${name}\n`)
    .join("");

interface Installer {
  /** Names in SHA256SUMS, and contents. */
  readonly files?: Readonly<Record<string, string>>;
  readonly sha256Sums?: string;
}

/** A suite with a udeb and, under two names as in Debian, the images that the installer is started from. */
async function createInstallerMirror({
  files = usualImages,
  sha256Sums,
}: Installer = {}): Promise<Workspace> {
  const workspace = await createMirror({ settings: { installer: true } });
  await publishInstaller(workspace, files, sha256Sums);
  return workspace;
}

const usualImages = {
  "./netboot/mini.iso": "an image",
  "./cdrom/vmlinuz": "a kernel",
  "./MANIFEST": "a list",
};
const udeb = "pool/main/d/disk-detect/disk-detect_1.0_amd64.udeb";

async function publishInstaller(
  { upstream }: Workspace,
  files: Readonly<Record<string, string>>,
  sha256Sums = sums("SHA256", files),
): Promise<void> {
  const suite = upstream.suite("stable");
  const { bytes, control } = await debFile({ package: "disk-detect", version: "1.0", architecture: "amd64" });
  const sizes = `Filename: ${udeb}\nSize: ${bytes.length}\nSHA256: ${digestOf(bytes, "SHA256")}\n`;
  suite.addFile("main/debian-installer/binary-amd64/Packages", `${control}${sizes}\n`, "compressed");
  suite.addFile("main/debian-installer/binary-amd64/Release", "Component: main\n");
  suite.addFile("main/Contents-udeb-amd64", "bin/disk-detect  disk-detect\n", "compressed");
  for (const version of ["20230607", "current"]) {
    suite.addFile(`main/installer-amd64/${version}/images/SHA256SUMS`, sha256Sums);
    suite.addFile(`main/installer-amd64/${version}/images/MD5SUMS`, sums("MD5Sum", files));
    for (const [name, content] of Object.entries(files))
      upstream.rewrite(`${images}/${version}/images/${name}`, content);
  }
  upstream.rewrite(udeb, bytes);
  await upstream.publish();
}

describe.concurrent("with installer", () => {
  test("udebs and the images that SHA256SUMS lists are brought, each content once", async () => {
    await using workspace = await createInstallerMirror();
    expect(await logOfSync(workspace)).not.toContain("WARN");
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(requestsFor(workspace, /mini\.iso|vmlinuz|MANIFEST/)).toHaveLength(3);
    expect(
      await clientComplaints(workspace, "stable main/debian-installer", { install: ["disk-detect"] }),
    ).toEqual([]);
  });

  test("filters choose among udebs and sources too, and leave the images alone", async () => {
    await using workspace = await createInstallerMirror();
    const suite = workspace.upstream.suite("stable");
    for (const version of ["1.9-1", "1.10-1"]) suite.addPackage("tool", version).addSource("tool", version);
    await workspace.upstream.publish();
    const filters = { keep_versions: 1, exclude_patterns: ["^disk-detect_1\\.0$", "images", "mini"] };
    await workspace.configure({ mirrors: { debian: { installer: true, mirror_source: true, filters } } });
    await workspace.run(["sync"]);
    const left = [...(await treeOf(workspace)).keys()].filter((path) =>
      /^pool|\/(?:vmlinuz|mini.iso)$/.test(path),
    );
    const tool = "pool/main/t/tool/tool_1.10";
    expect(left.toSorted()).toEqual([
      ...["20230607", "current"].flatMap((version) =>
        ["cdrom/vmlinuz", "netboot/mini.iso"].map((name) => `${images}/${version}/images/${name}`),
      ),
      helloDeb,
      ...["-1.debian.tar.gz", "-1.dsc", "-1_amd64.deb", ".orig.tar.gz"].map((end) => `${tool}${end}`),
    ]);
  });

  test("switched off, none of it is asked for", async () => {
    await using workspace = await createInstallerMirror();
    await workspace.configure({ mirrors: { debian: {} } });
    await workspace.run(["sync"]);
    expect([...(await treeOf(workspace)).keys()].filter((path) => /installer|udeb/.test(path))).toEqual([]);
    expect(requestsFor(workspace, /installer|udeb/)).toEqual([]);
  });

  test("only what has changed is fetched again", async () => {
    await using workspace = await createInstallerMirror();
    await workspace.run(["sync"]);
    workspace.server.clearRequests();
    await publishInstaller(workspace, { ...usualImages, "./netboot/mini.iso": "another image" });
    const { stdout } = await workspace.run(["sync", "--json"]);
    expect(requestsFor(workspace, /images\/[^/]*\/[^/]*$|MANIFEST|udeb$/)).toEqual([
      expect.stringMatching(/netboot\/mini\.iso$/),
    ]);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ fetchedFiles: 1, fetchedBytes: "another image".length }),
    ]);
    for (const version of ["20230607", "current"])
      expect(bytesIn(workspace, `${images}/${version}/images/netboot/mini.iso`).toString()).toBe(
        "another image",
      );
  });

  test("a dry run says what it cannot count", async () => {
    await using workspace = await createInstallerMirror();
    const { stderr } = await workspace.run(["sync", "--dry-run"]);
    expect(stderr).toContain("WARN  not counted, since SHA256SUMS has no sizes: 6 installer images\n");
  });

  test.for([
    { name: "an image that is not there", harm: "remove", says: "mini.iso: 404 at http" },
    { name: "an image with other bytes", harm: "corrupt", says: "mini.iso: the sha256 digest is" },
  ] as const)("$name is a failure that names it", async ({ harm, says }) => {
    await using workspace = await createInstallerMirror();
    for (const version of ["20230607", "current"])
      workspace.upstream[harm](`${images}/${version}/images/netboot/mini.iso`);
    const log = await logOfFailedSync(workspace);
    expect(log).toContain(says);
    expect(log).toContain(`(listed in ${images}/current/images/SHA256SUMS)`);
  });

  test("a name that leads out of the directory of its list is a failure", async () => {
    const sha256Sums = `${"1".repeat(64)}  ./../../../../InRelease\n`;
    await using workspace = await createInstallerMirror({ sha256Sums });
    const log = await logOfFailedSync(workspace);
    expect(log).toMatch(/images\/SHA256SUMS:1: unsafe path ".*": it has a "\.\." segment/);
  });

  test("a suite without it is a warning", async () => {
    await using workspace = await createMirror({ settings: { installer: true } });
    expect(await logOfSync(workspace)).toContain(
      "WARN  stable: Release lists neither udebs nor installer images\n",
    );
  });
});
