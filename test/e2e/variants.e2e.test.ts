/** Architecture variants such as amd64v3, mirrored or left out, with an apt that knows them. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createAptClient,
  createWorkspace,
  desktopIndexTargets,
  digestOf,
  type FakeSuite,
  type MirrorSettings,
  readTree,
  startNginx,
  type Workspace,
} from "../support/index.ts";

const both = ["amd64", "amd64v3"];

/** The package as built for the variant: same name, version and Architecture, other bytes. */
function addVariant(suite: FakeSuite, name: string, version: string): FakeSuite {
  const fields = { Architecture: "amd64", "Architecture-Variant": "amd64v3" };
  const files = { [`usr/share/doc/${name}/README`]: `${name} ${version} for x86-64-v3\n` };
  return suite.addPackage(name, version, { architecture: "amd64v3", fields, files });
}

/**
 * Describes an upstream whose suite "stable" has packages for the variant. If Architectures declares the variant,
 * clients request its indices instead of the base's; otherwise they request both.
 */
async function createMirror(settings: MirrorSettings = {}, declared = both): Promise<Workspace> {
  const workspace = await createWorkspace({ mirrors: { ubuntu: settings } });
  const extraReleaseFields = { Architectures: declared.join(" ") };
  const suite = workspace.upstream.suite("stable", { architectures: both, extraReleaseFields });
  suite.addTranslation("en").addContents();
  for (const version of ["1.0-1", "2.0-1"]) addVariant(suite.addPackage("tool", version), "tool", version);
  suite.addPackage("data", "1.0-1", { architecture: "all" });
  workspace.upstream.suite("plain").addPackage("other", "1.0-1");
  await workspace.upstream.publish();
  return workspace;
}

const packagesIn = (tree: ReadonlyMap<string, string>): readonly string[] =>
  [...tree.keys()]
    .filter((path) => path.endsWith(".deb"))
    .map((path) => basename(path))
    .toSorted();

interface Use {
  readonly variants: readonly string[];
  /** Options of the entry in sources.list. */
  readonly options?: string;
}

/** The output of an update with apt 3.3, and the package that it then downloads. */
async function useApt(workspace: Workspace, { variants, options = "" }: Use) {
  await using nginx = await startNginx({ root: workspace.join("www/ubuntu/current") });
  const dir = workspace.join(`client-${variants.join("-")}${options.replaceAll(/\W/g, "-")}`);
  const table = join(dir, "varianttable");
  await mkdir(join(dir, "downloads"), { recursive: true });
  await writeFile(table, "# variant base flags\namd64v3\tamd64\tx86-64-v3\n");
  const client = await createAptClient({
    kind: "forky",
    dir,
    sources: ["stable", "plain"].map((suite) => `deb ${options} ${nginx.url} ${suite} main`).join("\n"),
    keyrings: { "archive.asc": workspace.key.publicKeyArmored },
    extraConf: `${desktopIndexTargets}
Dir::dpkg::varianttable "${table}";
APT::Architecture-Variants { ${variants.map((variant) => `"${variant}";`).join(" ")} };`,
  });
  const update = await client.update();
  const downloads = join(dir, "downloads");
  const download = await client.download(["tool", "data", "other"], downloads);
  return { update, download, files: await digestsIn(downloads), policy: await client.policy("tool") };
}

async function digestsIn(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir)).toSorted();
  const digests = names.map(async (name) => [name, digestOf(await readFile(join(dir, name)), "SHA256")]);
  return Object.fromEntries(await Promise.all(digests));
}

const fine = { exitCode: 0, complaints: [] };
const without = { exitCode: 100, complaints: expect.arrayContaining([expect.stringContaining("404")]) };

describe("with the variant configured", () => {
  test.for([
    { how: "in place of the base", declared: both },
    { how: "beside the base", declared: ["amd64"] },
  ])("and listed $how, clients that enable it get its packages, others the base's", async ({ declared }) => {
    const settings = { suites: ["stable", "plain"], architectures: both };
    await using workspace = await createMirror(settings, declared);
    const { stderr } = await workspace.run(["sync"]);
    expect(stderr).not.toContain("WARN");
    const tree = await readTree(workspace.join("www/ubuntu/.live"));
    expect(tree).toEqual(await readTree(workspace.upstream.dir));
    const enabled = await useApt(workspace, { variants: ["amd64v3"] });
    expect(enabled).toMatchObject({ update: fine, download: fine });
    expect(enabled.policy).toContain("stable/main amd64v3 Packages");
    expect(enabled.files["tool_2.0-1_amd64v3.deb"]).toBe(tree.get("pool/main/t/tool/tool_2.0-1_amd64v3.deb"));
    const base = await useApt(workspace, { variants: [] });
    expect(base).toMatchObject({ update: fine, download: fine });
    expect(base.files["tool_2.0-1_amd64.deb"]).toBe(tree.get("pool/main/t/tool/tool_2.0-1_amd64.deb"));
    await workspace.run(["status", "--check"]);
  });

  test("keep_versions counts the packages of the variant separately", async () => {
    await using workspace = await createMirror({ architectures: both, filters: { keep_versions: 1 } });
    const plain = { Architecture: "amd64" };
    const suite = workspace.upstream.suite("stable").addPackage("late", "1.0-1").addPackage("late", "2.0-1");
    addVariant(suite, "late", "1.0-1"); // its newer version is not rebuilt yet
    // The index of the variant lists an older build for the base too, while it has none of its own.
    suite.addPackage("base", "2.0-1").addPackage("base", "1.0-1", { architecture: "amd64v3", fields: plain });
    await workspace.upstream.publish();
    await workspace.run(["sync"]);
    expect(packagesIn(await readTree(workspace.join("www/ubuntu/.live")))).toEqual([
      "base_1.0-1_amd64v3.deb",
      "base_2.0-1_amd64.deb",
      "data_1.0-1_all.deb",
      "late_1.0-1_amd64v3.deb",
      "late_2.0-1_amd64.deb",
      "tool_2.0-1_amd64.deb",
      "tool_2.0-1_amd64v3.deb",
    ]);
    await workspace.arrange(["snapshot", "create", "ubuntu"]);
    const { stdout } = await workspace.run(["--json", "snapshot", "list", "--detailed"]);
    expect(JSON.parse(stdout)).toMatchObject([{ packages: 7 }]);
    await workspace.run(["snapshot", "verify", "ubuntu", "--deep"]);
  });
});

describe("with the variant left out", () => {
  const attention = [
    "stable lists amd64v3, a variant of amd64 that is not mirrored",
    'Add it: architectures = ["amd64", "amd64v3"]',
  ];

  test("each sync and status say what to add, until it is configured", async () => {
    const settings = { suites: ["stable", "plain"] };
    await using workspace = await createMirror(settings);
    for (const upstreamIs of ["new", "unchanged"]) {
      const { stderr } = await workspace.run(["sync"]);
      expect(stderr.includes("Nothing new upstream")).toBe(upstreamIs === "unchanged");
      expect(stderr).toContain(`WARN  ubuntu: ${attention[0]}\n`);
      expect(stderr).toContain(attention[1]);
      const { stdout } = await workspace.run(["status", "--check"], { exitCode: 1 });
      for (const words of attention) expect(stdout).toContain(words);
    }
    expect((await workspace.run(["sync", "--dry-run"])).stderr).toContain(attention[1]);
    const { stdout } = await workspace.run(["--json", "status"]);
    expect(JSON.parse(stdout)[0].concerns).toMatchObject([
      { kind: "variant-left-out", variant: "amd64v3", architecture: "amd64", suites: ["stable"] },
    ]);

    workspace.configure({
      mirrors: { ubuntu: { ...settings, architectures: both } },
    });
    expect((await workspace.run(["status", "--check"])).stdout).not.toContain("amd64v3");
    expect((await workspace.run(["sync"])).stderr).not.toContain("WARN");
    expect(await readTree(workspace.join("www/ubuntu/.live"))).toEqual(
      await readTree(workspace.upstream.dir),
    );
  });

  test("clients without it are served, and one that enables it gets a 404", async () => {
    await using workspace = await createMirror({ suites: ["stable", "plain"] });
    await workspace.run(["sync"]);
    expect(await useApt(workspace, { variants: [] })).toMatchObject({ update: fine, download: fine });
    const told = await useApt(workspace, { variants: ["amd64v3"], options: "[arch=amd64]" });
    expect(told).toMatchObject({ update: fine, download: fine });
    expect(told.files).toHaveProperty(["tool_2.0-1_amd64.deb"]);
    expect(await useApt(workspace, { variants: ["amd64v3"] })).toMatchObject({ update: without });
  });
});
