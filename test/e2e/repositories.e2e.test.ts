/** Repositories of every shape, mirrored, served by a real web server, and used by a real client without complaints. */
import { lstatSync, readdirSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import {
  createAptClient,
  createWorkspace,
  desktopIndexTargets,
  type FakeUpstream,
  listFiles,
  type MirrorSettings,
  type Nginx,
  readTree,
  startNginx,
  type Workspace,
} from "../support/index.ts";
import { type AptUse, complaintsOfApt } from "./apt-use.ts";

interface ServedMirror extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly nginx: Nginx;
  /** The tree in production. */
  tree(): Promise<ReadonlyMap<string, string>>;
  /** Uses a new client for each call. `suites` is what follows the URL in sources.list. */
  complaints(
    suites: string,
    install: readonly string[],
    options?: Partial<AptUse>,
  ): Promise<readonly string[]>;
}

/** Syncs one mirror without snapshots. `state` defines what upstream has. */
async function serveMirror(
  settings: MirrorSettings,
  state: (upstream: FakeUpstream) => void,
): Promise<ServedMirror> {
  const workspace = await createWorkspace({ mirrors: { debian: settings } });
  state(workspace.upstream);
  await workspace.upstream.publish();
  await workspace.run(["sync"]);
  const nginx = await startNginx({ root: workspace.dir });
  let clients = 0;
  return {
    workspace,
    nginx,
    tree: () => readTree(workspace.join("www/debian/current")),
    complaints: (suites, install, options = {}) =>
      complaintsOfApt({
        dir: workspace.join(`client-${++clients}`),
        sources: `deb ${nginx.url}/debian/current ${suites}`,
        keyrings: { "archive.asc": workspace.key.publicKeyArmored },
        install,
        ...options,
      }),
    async [Symbol.asyncDispose]() {
      await nginx.stop();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

const packagesIn = (tree: ReadonlyMap<string, string>): string[] =>
  [...tree.keys()].filter((path) => path.endsWith(".deb")).map((path) => path.replace(/^.*\//, ""));

describe.concurrent("a repository", () => {
  test("that has only Release.gpg as a signature", async () => {
    await using mirror = await serveMirror({}, (upstream) => {
      upstream.suite("stable", { signatures: "detached" }).addPackage("hello", "1.0-1");
    });
    expect(await mirror.tree()).toEqual(await readTree(mirror.workspace.upstream.dir));
    // apt says this for every repository without InRelease.
    expect(await mirror.complaints("stable main", ["hello"])).toEqual([
      expect.stringMatching(/^Ign:\d+ http:\S+ stable InRelease$/),
    ]);
  });

  test.for([
    { suite: "/", deb: "hello_1.0-1_amd64.deb" },
    { suite: "sub/", deb: "sub/hello_1.0-1_amd64.deb" },
    { suite: "./sub/", deb: "sub/hello_1.0-1_amd64.deb" },
  ])("that is flat, at $suite", async ({ suite, deb }) => {
    const settings = { suites: [suite], sections: undefined, architectures: undefined };
    await using mirror = await serveMirror(settings, (upstream) => {
      // apt compares both names with the requested one, letter by letter.
      const extraReleaseFields = { Suite: suite, Codename: suite };
      upstream.suite(suite.replace("./", ""), { extraReleaseFields }).addPackage("hello", "1.0-1");
    });
    const tree = await mirror.tree();
    expect(tree.has(deb)).toBe(true);
    expect(tree).toEqual(await readTree(mirror.workspace.upstream.dir));
    expect(await mirror.complaints(suite, ["hello"])).toEqual([]);
  });

  test("whose suites share a file, which is downloaded and stored once", async () => {
    const suites = ["stable", "stable-updates"];
    const architectures = ["amd64", "arm64", "armhf", "i386"];
    await using mirror = await serveMirror({ suites, architectures }, (upstream) => {
      for (const suite of suites)
        upstream
          .suite(suite, { architectures: ["all", ...architectures] })
          .addPackage("shared", "1.0-1", { architecture: "all" });
    });
    const { workspace } = mirror;
    const deb = "pool/main/s/shared/shared_1.0-1_all.deb";
    const requests = workspace.server.requests.map(({ path }) => path);
    expect(requests.filter((path) => path.startsWith("/pool/"))).toEqual([`/${deb}`]);
    for (const suite of suites) expect(await mirror.complaints(`${suite} main`, ["shared"])).toEqual([]);

    const stanza = `Package: shared\nVersion: 1.0-1\nArchitecture: all\nFilename: ${deb}\nSize: 7\nSHA256: ${"0".repeat(64)}\n`;
    workspace.upstream.suite("stable-updates").addFile("main/binary-armhf/Packages", stanza, "compressed");
    await workspace.upstream.publish();
    const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
    const indices =
      "dists/stable/main/binary-\\w+/Packages and dists/stable-updates/main/binary-armhf/Packages";
    expect(stderr).toMatch(new RegExp(`${deb}: ${indices} list it with [0-9]+ bytes and with 7 bytes`));
  });

  test("with sources, which apt-get source downloads", async () => {
    await using mirror = await serveMirror({ mirror_source: true }, (upstream) => {
      upstream.suite("stable").addPackage("hello", "1.0-1").addSource("hello", "1.0-1");
    });
    const { workspace, nginx } = mirror;
    const client = await createAptClient({
      dir: workspace.join("client"),
      sources: `deb-src ${nginx.url}/debian/current stable main`,
      keyrings: { "archive.asc": workspace.key.publicKeyArmored },
    });
    await mkdir(workspace.join("sources"));
    expect((await client.update()).complaints).toEqual([]);
    const { exitCode, complaints } = await client.downloadSource(["hello"], workspace.join("sources"));
    expect({ exitCode, complaints }).toEqual({ exitCode: 0, complaints: [] });
    expect(readdirSync(workspace.join("sources")).toSorted()).toEqual([
      "hello_1.0-1.debian.tar.gz",
      "hello_1.0-1.dsc",
      "hello_1.0.orig.tar.gz",
    ]);
  });

  test("that lists only MD5 and SHA-1, which only allow_weak accepts, and only once", async () => {
    const settings = { mirror_source: true };
    await using workspace = await createWorkspace({ mirrors: { debian: settings } });
    const { upstream, server } = workspace;
    const suite = upstream.suite("stable", { digests: ["MD5Sum", "SHA1"] });
    suite.addPackage("hello", "1.0-1").addSource("hello", "1.0-1");
    await upstream.publish();
    const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
    expect(stderr).toContain("allow_weak");
    workspace.configure({ mirrors: { debian: { ...settings, allow_weak: true } } });
    await workspace.arrange(["sync"]);
    suite.addPackage("newcomer", "1.0-1");
    await upstream.publish();
    server.clearRequests();
    await workspace.run(["sync"]);
    const requests = server.requests.map(({ path }) => path).filter((path) => path.startsWith("/pool/"));
    expect(requests).toEqual(["/pool/main/n/newcomer/newcomer_1.0-1_amd64.deb"]);
    expect(await readTree(workspace.join("www/debian/current"))).toEqual(await readTree(upstream.dir));
  });

  test("without by-hash", async () => {
    await using mirror = await serveMirror({}, (upstream) => {
      upstream.suite("stable", { acquireByHash: false }).addPackage("hello", "1.0-1");
    });
    const tree = await mirror.tree();
    expect([...tree.keys()].filter((path) => path.includes("by-hash"))).toEqual([]);
    expect(tree).toEqual(await readTree(mirror.workspace.upstream.dir));
    expect(await mirror.complaints("stable main", ["hello"])).toEqual([]);
  });

  test("of two architectures, for a client with one of them as foreign", async () => {
    const architectures = ["amd64", "arm64"];
    await using mirror = await serveMirror({ architectures }, (upstream) => {
      upstream
        .suite("stable", { architectures })
        .addPackage("hello", "1.0-1")
        .addPackage("hello", "1.0-1", { architecture: "arm64" })
        .addPackage("data", "1.0-1", { architecture: "all" });
    });
    const foreign = { foreignArchitectures: ["arm64"] };
    expect(await mirror.complaints("stable main", ["hello:arm64", "data"], foreign)).toEqual([]);
    expect(await mirror.complaints("stable main", ["hello"], { architecture: "arm64" })).toEqual([]);
  });

  test("with a desktop's translations, Contents, DEP-11 and command-not-found", async () => {
    await using mirror = await serveMirror({}, (upstream) => {
      const suite = upstream.suite("stable").addPackage("hello", "1.0-1");
      suite.addTranslation("en").addTranslation("de").addContents().addDep11().addCnf();
    });
    expect(await mirror.tree()).toEqual(await readTree(mirror.workspace.upstream.dir));
    const desktop = { languages: ["de", "en"], extraConf: desktopIndexTargets };
    expect(await mirror.complaints("stable main", ["hello"], desktop)).toEqual([]);
  });
});

/** Versions of one tool that only dpkg's order sorts, and packages that patterns distinguish. */
const stateManyVersions = (upstream: FakeUpstream): void => {
  const suite = upstream.suite("stable");
  for (const version of ["1.9-1", "1.10-1", "1.10-1~rc1", "1:0.5-1"]) suite.addPackage("tool", version);
  suite.addPackage("tool-dbg", "1.10-1").addPackage("other", "2.0~beta1-1").addPackage("other", "2.0-1");
};

describe.concurrent("filters", () => {
  const everything = [
    "other_2.0-1_amd64.deb",
    "other_2.0~beta1-1_amd64.deb",
    "tool-dbg_1.10-1_amd64.deb",
    "tool_0.5-1_amd64.deb",
    "tool_1.10-1_amd64.deb",
    "tool_1.10-1~rc1_amd64.deb",
    "tool_1.9-1_amd64.deb",
  ];
  const without = (...excluded: readonly string[]): string[] =>
    everything.filter((name) => !excluded.includes(name.replace("_amd64.deb", "")));

  test.for([
    { name: "none", filters: {}, packages: everything },
    {
      name: "keep_versions = 2",
      filters: { keep_versions: 2 },
      packages: without("tool_1.10-1~rc1", "tool_1.9-1"),
    },
    {
      name: "keep_versions = 1",
      filters: { keep_versions: 1 },
      packages: without("tool_1.10-1~rc1", "tool_1.9-1", "tool_1.10-1", "other_2.0~beta1-1"),
    },
    {
      name: "exclude_patterns",
      // The last three would match file names.
      filters: { exclude_patterns: ["-dbg$", "^other_2\\.0~beta", "\\.deb$", "_amd64", "pool/"] },
      packages: without("tool-dbg_1.10-1", "other_2.0~beta1-1"),
    },
  ])("$name: exactly the remaining packages are there", async ({ filters, packages }) => {
    await using mirror = await serveMirror({ filters }, stateManyVersions);
    const tree = await mirror.tree();
    expect(packagesIn(tree).toSorted()).toEqual(packages.toSorted());
    expect(await mirror.complaints("stable main", ["tool", "other"])).toEqual([]);
  });
});

/** Runs a command line in a shell with umask 077, as a careful administrator has it. */
const withUmask077 = (commandLine: readonly string[]): readonly string[] => [
  "sh",
  "-c",
  `umask 077 && exec ${commandLine.join(" ")}`,
];

/** Returns lines such as `755 www/debian` for a path and, if that is a directory, for everything below it. */
function modesOf(workspace: Workspace, path: string): string[] {
  const absolute = workspace.join(path);
  const stats = lstatSync(absolute);
  const below = stats.isDirectory() ? readdirSync(absolute).map((name) => `${path}/${name}`) : [];
  const kind = stats.isDirectory() ? "directory" : "file";
  return [
    `${(stats.mode & 0o777).toString(8)} ${kind} ${path}`,
    ...below.flatMap((inner) => modesOf(workspace, inner)),
  ];
}

const secondsOf = (path: string): number => Math.floor(statSync(path).mtimeMs / 1000);

describe.concurrent("on disk", () => {
  test("under umask 077, served files are 0644, directories 0755, and state is private", async () => {
    await using workspace = await createWorkspace({ snapshot: {}, mirrors: { debian: {} } });
    workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
    await workspace.upstream.publish();
    await workspace.run(["sync"], { through: withUmask077 });

    const served = ["www/.snapshots", "www/.mirrorctl/trees", "www/.mirrorctl/objects"];
    const modes = served.flatMap((path) => modesOf(workspace, path));
    expect(modes.length).toBeGreaterThan(40);
    expect(modes.filter((line) => !/^(?:644 file|755 directory) /.test(line))).toEqual([]);
    const above = ["www", "www/debian", "www/.mirrorctl"].map((path) => modesOf(workspace, path)[0]);
    expect(above.filter((line) => line?.startsWith("755 ") !== true)).toEqual([]);
    const own = ["locks", "state"].map((name) => `www/.mirrorctl/${name}`);
    expect(own.map((path) => modesOf(workspace, path)[0])).toEqual(
      own.map((path) => `700 directory ${path}`),
    );
    const state = modesOf(workspace, "www/.mirrorctl/state").slice(1);
    expect(state.length).toBeGreaterThan(0);
    expect(state.filter((line) => !line.startsWith("600 file "))).toEqual([]);
  });

  test("every file has upstream's modification time", async () => {
    await using mirror = await serveMirror({}, (upstream) => {
      upstream.suite("stable").addPackage("hello", "1.0-1");
    });
    const { workspace } = mirror;
    workspace.upstream.suite("stable").addPackage("newcomer", "1.0-1");
    await workspace.upstream.publish();
    await workspace.run(["sync"]);
    const current = workspace.join("www/debian/current");
    const paths = await listFiles(current);
    const timesIn = (root: string): Map<string, number> =>
      new Map(paths.map((path) => [path, secondsOf(`${root}/${path}`)]));
    expect(timesIn(current)).toEqual(timesIn(workspace.upstream.dir));
  });
});
