/** Names of suites, and suites without sections, whose paths may begin in two places. */
import { describe, expect, test } from "vitest";
import {
  createWorkspace,
  fakeUpstream,
  type MirrorSettings,
  readTree,
  serveDirectory,
  type Workspace,
} from "../support/index.ts";
import { complaintsOfApt } from "./apt-use.ts";
import {
  binary,
  bytesIn,
  clientComplaints,
  createStableMirror,
  flat,
  logOfFailedSync,
  logOfSync,
  requestsFor,
  treeOf,
} from "./stable-mirror.ts";

describe.concurrent("suites", () => {
  test("with slashes, suffixes or another name are where clients look for them", async () => {
    const suites = ["stable/updates", "x-security", "oldname"];
    await using workspace = await createStableMirror({
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

  test("whose Release has another name are mirrored with the warning that apt gives", async () => {
    const extraReleaseFields = { Suite: "testing", Codename: "forky" };
    await using workspace = await createStableMirror({ options: { extraReleaseFields } });
    expect(await logOfSync(workspace)).toContain(
      'WARN  stable: Release calls itself "testing", "forky", and apt will warn of that\n',
    );
    expect(await clientComplaints(workspace, "stable main")).toEqual([
      expect.stringContaining("Conflicting distribution"),
    ]);
  });

  test.for(["main", "updates/main"])("with sections such as updates/main: %s", async (section) => {
    await using workspace = await createStableMirror({
      settings: { sections: [section] },
      options: { extraReleaseFields: { Components: "updates/main updates/contrib" } },
    });
    await workspace.run(["sync"]);
    expect((await treeOf(workspace)).has(`${binary}/Packages.xz`)).toBe(true);
    expect(await clientComplaints(workspace, "stable main")).toEqual([]);
  });
});

/** Returns the complaints of a client of both suites, at the mirror and at upstream, without URLs. */
async function complaintsAtBoth(workspace: Workspace, entry: string) {
  const suites = ["stable", "testing"];
  const use = { keyrings: { "archive.asc": workspace.key.publicKeyArmored }, install: ["hello"] };
  const at = async (name: string, url: string) => {
    const sources = suites.map((suite) => `deb ${url} ${suite} ${entry}`).join("\n");
    const complaints = await complaintsOfApt({ ...use, dir: workspace.join(name), sources });
    return complaints.map((line) => line.replaceAll(url, ""));
  };
  await using server = await serveDirectory(workspace.join("www/debian/current"));
  return {
    mirror: await at("at-mirror", server.url),
    upstream: await at("at-upstream", workspace.server.url),
  };
}

describe.concurrent("suites of one mirror", () => {
  test("may lack a section or an architecture, with a warning for each, as apt's", async () => {
    await using workspace = await createStableMirror({
      settings: {
        suites: ["stable", "testing"],
        sections: ["main", "firmware"],
        architectures: ["amd64", "arm64"],
      },
      state(_, upstream) {
        upstream
          .suite("testing", { components: ["main", "firmware"], architectures: ["amd64", "arm64"] })
          .addPackage("tool", "1.0-1", { component: "firmware", architecture: "arm64" });
      },
    });
    const warnings = (await logOfSync(workspace)).split("\n").filter((line) => line.startsWith("WARN"));
    const lacks = "which another suite of this mirror has; apt will";
    expect(warnings).toEqual([
      `WARN  stable: Release has no section firmware, ${lacks} warn of that`,
      `WARN  stable: Release has no architecture arm64, ${lacks} note that`,
    ]);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    const complaints = await complaintsAtBoth(workspace, "main firmware");
    expect(complaints.mirror).toEqual(complaints.upstream);
    expect(complaints.mirror.join("\n")).toMatch(/stable InRelease' doesn't have the component 'firmware'/);
  });

  test("are refused if none has a section", async () => {
    await using workspace = await createStableMirror({
      settings: { suites: ["stable", "testing"], sections: ["main", "firmwear"] },
      state: (_, upstream) => void upstream.suite("testing", { components: ["main", "firmware"] }),
    });
    expect(await logOfFailedSync(workspace)).toContain(
      "stable, testing: no Release lists indices for section firmwear; they list firmware, main\n",
    );
  });

  test("may declare sections and architectures without an index, which are then empty", async () => {
    const declared = { Components: "main contrib", Architectures: "amd64 arm64" };
    await using workspace = await createStableMirror({
      settings: { sections: ["main", "contrib"], architectures: ["amd64", "arm64"] },
      options: { extraReleaseFields: declared },
    });
    expect(await logOfSync(workspace)).not.toContain("WARN");
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    const foreignArchitectures = ["arm64"];
    expect(await clientComplaints(workspace, "stable main contrib", { foreignArchitectures })).toEqual([]);
    await workspace.run(["snapshot", "verify", "debian", "--deep"]);
  });
});

/** Makes two complete repositories below one URL, with the same name for different packages. */
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
    await using workspace = await createStableMirror({
      settings: { ...flat, suites: [name] },
      state: (_, upstream) => upstream.suite(name).addPackage("hello", "1.0-1").addTranslation("en"),
    });
    await workspace.run(["sync"]);
    expect(requestsFor(workspace, /\/en\.|by-hash/).length).toBeGreaterThan(0);
    expect(await clientComplaints(workspace, name)).toEqual([]);
  });

  test("whose paths are relative to their own directory serve 'deb <mirror>/a/ /'", async () => {
    await using workspace = await createSideBySide();
    await workspace.arrange(["sync"]);
    expect(await treeOf(workspace)).toEqual(await readTree(workspace.upstream.dir));
    expect(bytesIn(workspace, "a/hello_1.0-1_amd64.deb")).not.toEqual(
      bytesIn(workspace, "b/hello_1.0-1_amd64.deb"),
    );
    for (const below of ["/a", "/b"])
      expect(
        await clientComplaints(workspace, "/", { below, dir: workspace.join(`client${below}`) }),
      ).toEqual([]);
  });

  test("keep their packages there if the store has them", async () => {
    await using workspace = await createSideBySide();
    await workspace.arrange(["sync"]);
    await publishBelow(workspace, "b", ["hello", "newcomer"], { date: new Date() });
    await workspace.run(["sync"]);
    expect([...(await treeOf(workspace)).keys()].filter((path) => path.endsWith(".deb"))).toEqual([
      "a/hello_1.0-1_amd64.deb",
      "b/hello_1.0-1_amd64.deb",
      "b/newcomer_1.0-1_amd64.deb",
    ]);
  });

  test("find their directory although upstream lacks the first listed file", async () => {
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
