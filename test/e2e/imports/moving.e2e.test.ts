/** Clients that move from the tree of another tool to a mirror, as docs/coming-from.md says. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { ClientConfig } from "../../../src/operations/client-config/index.ts";
import { createGnupg, type Gnupg } from "../../support/gnupg.ts";
import {
  type AptClient,
  createAptClient,
  createWorkspace,
  runProgram,
  startNginx,
  type Workspace,
} from "../../support/index.ts";

const page = readFileSync(new URL("../../../docs/coming-from.md", import.meta.url), "utf8");

/** The directives of the page, for another directory. */
function documentedAlias(dir: string): string {
  const [, block = ""] = /```nginx\n(.*?)```/s.exec(page) ?? [];
  expect(block).toContain("alias /var/lib/mirrorctl/debian-bookworm/current/;");
  return block.replace("/var/lib/mirrorctl/debian-bookworm", join(dir, "debian-bookworm"));
}

async function installs(client: AptClient, name: string): Promise<string | undefined> {
  expect((await client.update()).complaints).toEqual([]);
  return /^Inst \S+ \((\S+)/m.exec((await client.simulateInstall([name])).output)?.[1];
}

test("clients keep the path of their URL if the web server shows a mirror there", async () => {
  await using workspace = await createWorkspace({ snapshot: {}, mirrors: { "debian-bookworm": {} } });
  const { upstream } = workspace;
  const suite = upstream.suite("stable").addPackage("tool", "1.0-1");
  await upstream.publish();
  // The tree of the other tool, as its web server shows it.
  const alias = `location /deb.debian.org/debian/ { alias ${upstream.dir}/; }`;
  const old = await startNginx({ root: workspace.dir, directives: alias });
  const oldClient = await createAptClient({
    dir: workspace.join("client"),
    sources: `deb ${old.url}/deb.debian.org/debian stable main`,
    keyrings: { "archive.asc": workspace.key.publicKeyArmored },
  });
  expect(await installs(oldClient, "tool")).toBe("1.0-1");
  await workspace.run(["sync"]);
  await old.stop();

  suite.removePackage("tool").addPackage("tool", "2.0-1");
  await upstream.publish();
  await workspace.run(["sync"]);
  await workspace.run(["snapshot", "stage", "debian-bookworm", await newestOf(workspace)]);
  await workspace.run(["snapshot", "promote", "debian-bookworm", "--reason", "moving"]);
  const nginx = await startNginx({ root: workspace.dir, directives: documentedAlias(workspace.dir) });
  const client = await createAptClient({
    dir: workspace.join("client"), // with the lists that it has
    sources: `deb ${nginx.url}/deb.debian.org/debian stable main`,
    keyrings: { "archive.asc": workspace.key.publicKeyArmored },
  });
  expect(await installs(client, "tool")).toBe("2.0-1");
  const downloads = workspace.join("downloads");
  mkdirSync(downloads);
  expect((await client.download(["tool"], downloads)).complaints).toEqual([]);
  await nginx.stop();
});

async function newestOf(workspace: Workspace): Promise<string> {
  const { stdout } = await workspace.run(["snapshot", "list", "debian-bookworm", "--json"]);
  const [newest] = JSON.parse(stdout) as readonly { name: string }[];
  return newest?.name ?? "";
}

test("a mirror of aptly moves without a download, and its clients get upstream's key", async () => {
  await using workspace = await createWorkspace({ mirrors: {} });
  await using gnupg = await createGnupg();
  const { upstream } = workspace;
  upstream
    .suite("stable")
    .addPackage("tool", "1.0-1")
    .addPackage("tool-dev", "1.0-1")
    .addPackage("other", "1.0-1");
  await upstream.publish();
  const aptly = await publishWithAptly(workspace, gnupg);
  const old = await startNginx({ root: join(aptly.root, "public") });
  const keyrings = { "aptly.asc": gnupg.publicKeyArmored };
  const oldSources = `deb ${old.url} stable main`;
  const oldClient = await createAptClient({ dir: workspace.join("old"), sources: oldSources, keyrings });
  expect(await installs(oldClient, "tool")).toBe("1.0-1");

  const config = workspace.join("imported.toml");
  const imported = await workspace.run(["import", "aptly", aptly.shown, aptly.config, "--write", config]);
  expect(imported.stdout).toContain("suite stable of");
  expect(imported.stdout).toContain("Name (% tool*), !Name (% *-dev) -> exclude_patterns");
  const text = readFileSync(config, "utf8")
    .replace("/var/lib/mirrorctl", workspace.dir)
    .replace("[mirrors.tools]\n", `[mirrors.tools]\npgp_key_path = "${workspace.keyFile}"\n`);
  writeFileSync(config, text);
  workspace.server.clearRequests();
  await workspace.run(["-c", config, "sync", "--files", join(aptly.root, "pool")]);
  expect(workspace.server.requests.map(({ path }) => path).filter((path) => path.endsWith(".deb"))).toEqual(
    [],
  );

  const nginx = await startNginx({ root: workspace.dir });
  const unprepared = await createAptClient({
    dir: workspace.join("unprepared"),
    sources: `deb ${nginx.url}/tools stable main`,
    keyrings,
  });
  expect((await unprepared.update()).complaints.join("\n")).toMatch(/NO_PUBKEY|not signed|Missing key/);
  const { stdout } = await workspace.run([
    "-c",
    config,
    "client-config",
    "tools",
    "--base-url",
    nginx.url,
    "--json",
  ]);
  const dir = workspace.join("new");
  const client = await createAptClient({ dir, sources: "" });
  for (const { path, content } of (JSON.parse(stdout) as ClientConfig).files) {
    const own = join(dir, path.replace("/etc/apt/", "etc/"));
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, content);
  }
  expect(await installs(client, "tool")).toBe("1.0-1");
  expect((await client.simulateInstall(["tool-dev"])).exitCode).not.toBe(0);
  expect(await installs(oldClient, "tool")).toBe("1.0-1"); // both run side by side
  await Promise.all([old.stop(), nginx.stop()]);
});

/** Mirrors with a filter, and publishes a snapshot with a key of its own, as its users do. */
async function publishWithAptly(workspace: Workspace, { env, fingerprint }: Gnupg) {
  const root = workspace.join("aptly");
  const config = workspace.join("aptly.conf");
  writeFileSync(
    config,
    JSON.stringify({ rootDir: root, downloadConcurrency: 3, architectures: ["amd64"] }, undefined, 2),
  );
  const aptly = async (...args: readonly string[]) => {
    const { exitCode, stdout, output } = await runProgram("aptly", [`-config=${config}`, ...args], { env });
    if (exitCode !== 0) throw new Error(`aptly ${args.join(" ")}: exit status ${exitCode}\n${output}`);
    return stdout;
  };
  const filter = "Name (% tool*), !Name (% *-dev)";
  const { url } = workspace.server;
  await aptly("mirror", "create", "-ignore-signatures", `-filter=${filter}`, "tools", url, "stable", "main");
  await aptly("mirror", "update", "-ignore-signatures", "tools");
  await aptly("snapshot", "create", "one", "from", "mirror", "tools");
  await aptly("publish", "snapshot", "-batch", `-gpg-key=${fingerprint}`, "-distribution=stable", "one");
  const shown = workspace.join("mirrors.json");
  writeFileSync(shown, await aptly("mirror", "show", "-json", "tools"));
  return { root, config, shown };
}
