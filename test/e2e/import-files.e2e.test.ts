/**
 * Trees of the real apt-mirror, apt-mirror2, aptly, debmirror and reprepro, and one like those of the mirrorctl in Go:
 * mirrorctl takes their packages in place of downloads, except for a damaged one, and apt installs from the result.
 */
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { createAptClient, createWorkspace, listFiles, runProgram, type Workspace } from "../support/index.ts";
import { systemPath } from "../support/run-program.ts";

/** As Debian has it: debmirror ends with an error if one of these is missing. */
const likeDebian = { compressions: ["gz", "xz"], architectures: ["amd64", "all"] } as const;

interface OldTool {
  /** Runs the tool, and returns its tree. */
  readonly fill: (workspace: Workspace) => Promise<string>;
  /** The arguments of `import`. */
  readonly importing: (workspace: Workspace) => readonly string[];
}

const tools: Readonly<Record<string, OldTool>> = {
  "apt-mirror": {
    async fill(workspace) {
      const base = workspace.join("apt-mirror");
      mkdirSync(base);
      const settings = `set base_path ${base}\nset nthreads 2\nset _tilde 0\nset run_postmirror 0\n`;
      writeFileSync(
        join(base, "mirror.list"),
        `${settings}deb [arch=amd64] ${workspace.server.url} stable main\n`,
      );
      for (const name of ["mirror", "skel", "var"]) mkdirSync(join(base, name));
      await run("apt-mirror", [join(base, "mirror.list")], base);
      return base;
    },
    importing: (workspace) => ["apt-mirror", workspace.join("apt-mirror/mirror.list")],
  },
  "apt-mirror2": {
    async fill(workspace) {
      const base = workspace.join("apt-mirror2");
      mkdirSync(base);
      const settings = `set base_path ${base}\nset nthreads 2\nset run_postmirror 0\n`;
      const source = `deb [arch=amd64] ${workspace.server.url} stable main\n`;
      writeFileSync(join(base, "mirror.list"), settings + source);
      const installed = resolve(".cache/apt-mirror2"); // by scripts/apt-mirror2.sh
      const program = ["/usr/bin/python3", join(installed, "bin/apt-mirror")];
      await run("env", [`PYTHONPATH=${installed}`, ...program, join(base, "mirror.list")], base);
      return base;
    },
    importing: (workspace) => ["apt-mirror2", workspace.join("apt-mirror2/mirror.list")],
  },
  aptly: {
    async fill(workspace) {
      const base = workspace.join("aptly");
      mkdirSync(base);
      const config = join(base, "aptly.conf");
      writeFileSync(config, JSON.stringify({ rootDir: base, architectures: ["amd64"], gpgProvider: "gpg" }));
      const aptly = (...args: readonly string[]) => run("aptly", [`-config=${config}`, ...args], base);
      const { url } = workspace.server;
      await aptly("mirror", "create", "-ignore-signatures", "debian", url, "stable", "main");
      await aptly("mirror", "update", "-ignore-signatures", "debian");
      writeFileSync(join(base, "shown.json"), await aptly("mirror", "show", "-json", "debian"));
      return base;
    },
    importing: (workspace) => ["aptly", workspace.join("aptly/shown.json")],
  },
  debmirror: {
    async fill(workspace) {
      const base = workspace.join("debmirror");
      mkdirSync(base);
      await run("debmirror", [...debmirrorArguments(workspace), ...unchecked, base], base);
      return base;
    },
    importing: (workspace) => [
      "debmirror",
      "--",
      ...debmirrorArguments(workspace),
      workspace.join("debmirror"),
    ],
  },
  reprepro: {
    async fill(workspace) {
      const base = workspace.join("reprepro");
      mkdirSync(join(base, "conf"), { recursive: true });
      const common = "Codename: stable\nComponents: main\nArchitectures: amd64\n";
      writeFileSync(join(base, "conf/distributions"), `${common}Update: upstream\n`);
      writeFileSync(
        join(base, "conf/updates"),
        `Name: upstream\nMethod: ${workspace.server.url}\nVerifyRelease: blindtrust\n`,
      );
      await run("reprepro", ["--basedir", base, "update"], base);
      return base;
    },
    importing: (workspace) => ["reprepro", workspace.join("reprepro")],
  },
  /** By hand, as it left its trees: the id is a link to a directory with a time. */
  "mirrorctl in Go": {
    async fill(workspace) {
      const base = workspace.join("go");
      await cp(workspace.upstream.dir, join(base, ".debian.20250101_120000"), { recursive: true });
      symlinkSync(".debian.20250101_120000", join(base, "debian"));
      const lists = 'suites = ["stable"]\nsections = ["main"]\narchitectures = ["amd64"]\n';
      const mirror = `[mirrors.debian]\nurl = "${workspace.server.url}"\n${lists}`;
      writeFileSync(
        join(base, "mirror.toml"),
        `dir = "${base}"\n${mirror}pgp_key_path = "${workspace.keyFile}"\n`,
      );
      return base;
    },
    importing: (workspace) => ["mirrorctl-go", workspace.join("go/mirror.toml")],
  },
};

const debmirrorArguments = ({ server, keyFile }: Workspace): readonly string[] => [
  `--host=${new URL(server.url).host}`,
  "--root=/",
  "--method=http",
  "--dist=stable",
  "--section=main",
  "--arch=amd64",
  "--nosource",
  `--keyring=${keyFile}`,
];

/** Its own check of signatures is left out: it wants a keyring of gpgv, and says nothing about ours. */
const unchecked = ["--diff=none", "--rsync-extra=none", "--no-check-gpg", "--ignore-release-gpg"];

/** Runs a tool, which reads no configuration of this machine. Returns what it prints. */
async function run(tool: string, args: readonly string[], home: string): Promise<string> {
  const env = { PATH: systemPath, LC_ALL: "C", HOME: home, GNUPGHOME: home };
  const { exitCode, output, stdout } = await runProgram(tool, args, { env, cwd: home });
  if (exitCode !== 0) throw new Error(`${tool}: exit status ${exitCode}\n${output}`);
  return stdout.toString("utf8");
}

const debOf = (name: string): string => `pool/main/${name[0]}/${name}/${name}_1.0-1_amd64.deb`;

/** Replaces the bytes of a package in the tree of the tool, and keeps its size. */
async function damage(tree: string, name: string): Promise<void> {
  const found = (await listFiles(tree)).filter((path) => path.endsWith(`${name}_1.0-1_amd64.deb`));
  expect(found).not.toEqual([]); // two names of one file, through a link
  for (const path of found)
    writeFileSync(join(tree, path), Buffer.alloc(statSync(join(tree, path)).size, "x"));
}

/** Imports the configuration of the tool, as its users would. */
async function moveIn(
  workspace: Workspace,
  { importing }: OldTool,
): Promise<{ readonly config: string; readonly id: string }> {
  const config = workspace.join("imported.toml");
  await workspace.run(["import", "--write", config, ...importing(workspace)]);
  const text = readFileSync(config, "utf8");
  const [, id = ""] = /^\[mirrors\.(\S+)\]$/m.exec(text) ?? [];
  // Most tools know no key for a mirror.
  if (!text.includes("pgp_key_path"))
    writeFileSync(config, text.replace(/^\[mirrors\..*\]$/m, `$&\npgp_key_path = "${workspace.keyFile}"`));
  return { config, id };
}

test.each(Object.entries(tools))(
  "packages of %s are taken, and one that is damaged is not",
  async (_, tool) => {
    await using workspace = await createWorkspace({ mirrors: { debian: {} } });
    const suite = workspace.upstream.suite("stable", likeDebian);
    for (const name of ["hello", "world", "broken"]) suite.addPackage(name, "1.0-1");
    await workspace.upstream.publish();
    const tree = await tool.fill(workspace);
    await damage(tree, "broken");
    const { config, id } = await moveIn(workspace, tool);

    workspace.server.clearRequests();
    const env = { MIRRORCTL_DIR: workspace.dir };
    const { stdout, stderr } = await workspace.run(["-c", config, "--json", "sync", "--files", tree], {
      env,
    });
    expect(JSON.parse(stdout)).toMatchObject([
      { fetchedFiles: 1, reused: { files: 2, ways: { copied: 2 } } },
    ]);
    expect(stderr).toContain("broken_1.0-1_amd64.deb: other bytes");
    const requested = workspace.server.requests.map(({ path }) => path);
    expect(requested.filter((path) => path.includes("/pool/"))).toEqual([`/${debOf("broken")}`]);

    const client = await createAptClient({
      dir: workspace.join("client"),
      sources: `deb file:${workspace.dir}/${id}/current stable main`,
      keyrings: { "archive.asc": readFileSync(workspace.keyFile) },
    });
    expect((await client.update()).complaints).toEqual([]);
    const names = ["hello", "world", "broken"];
    expect((await client.simulateInstall(names)).output.match(/^Inst /gm)).toHaveLength(names.length);
    mkdirSync(workspace.join("downloads"));
    expect((await client.download(names, workspace.join("downloads"))).complaints).toEqual([]);
  },
);
