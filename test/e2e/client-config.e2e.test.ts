/** What `client-config` prints, used by the real apt of three Debian releases. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClientConfig } from "../../src/operations/client-config/index.ts";
import {
  type AptClient,
  createAptClient,
  createSigningKey,
  createWorkspace,
  desktopIndexTargets,
  type MirrorSettings,
  type Nginx,
  startNginx,
  type Workspace,
} from "../support/index.ts";
import { complaintsOf, complaintsOfEachApt } from "./apt-use.ts";

let workspace: Workspace;
let nginx: Nginx;
let clients = 0;

const mirrors: Readonly<Record<string, MirrorSettings>> = {
  plain: { suites: ["stable", "stable-updates"], mirror_source: true },
  filtered: { filters: { exclude_patterns: ["^unwanted", "^tool_2"] } },
  small: { contents: false, translations: false, dep11: false, cnf: false },
  flat: { suites: ["sub/"], sections: [], architectures: [] },
  several: { architectures: ["amd64", "i386"] },
};

async function addOtherKey(): Promise<void> {
  const other = await createSigningKey();
  writeFileSync(workspace.join("other.asc"), other.publicKeyArmored);
  const pgp_key_path = [workspace.join("other.asc"), workspace.keyFile];
  workspace.configure({ mirrors: { ...mirrors, "two-keys": { pgp_key_path } } });
}

beforeAll(async () => {
  workspace = await createWorkspace({ mirrors });
  const { upstream } = workspace;
  const architectures = ["amd64", "i386", "amd64v3"];
  const extraReleaseFields = { Origin: "Vendor", Label: "Vendor", Architectures: "amd64 i386 amd64v3" };
  const stable = upstream.suite("stable", { architectures, extraReleaseFields });
  stable.addPackage("tool", "1.0-1").addPackage("tool", "2.0-1").addPackage("unwanted", "1.0-1");
  stable.addPackage("tool", "1.0-1", { architecture: "i386" });
  stable.addPackage("tool", "1.0-1", { architecture: "amd64v3", fields: { Architecture: "amd64" } });
  stable.addTranslation("en").addContents().addDep11().addCnf().addSource("tool", "1.0-1");
  upstream.suite("stable-updates").addPackage("update", "1.0-1").addSource("update", "1.0-1");
  upstream.suite("sub/").addPackage("lone", "1.0-1");
  await upstream.publish();
  await addOtherKey();
  nginx = await startNginx({ root: workspace.dir });
  await workspace.arrange(["sync"]);
});
afterAll(async () => {
  await nginx.stop();
  await workspace[Symbol.asyncDispose]();
});

async function configOf(...args: readonly string[]): Promise<ClientConfig> {
  const { stdout } = await workspace.run(["client-config", ...args, "--base-url", nginx.url, "--json"]);
  return JSON.parse(stdout) as ClientConfig;
}

/** Writes the files where a client in a private directory has them. */
function write(config: ClientConfig, dir: string): void {
  for (const { path, content } of config.files) {
    const own = join(dir, path.replace("/etc/apt/", "etc/"));
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, content.replaceAll("/etc/apt/keyrings/", `${join(dir, "etc/keyrings")}/`));
  }
}

interface Use {
  readonly install: readonly string[];
  readonly extraConf?: string;
  readonly foreignArchitectures?: readonly string[];
  /** Further lines that each client must fulfil. */
  readonly also?: (client: AptClient) => Promise<readonly string[]>;
}

/** apt 3.3 knows variants, if its table has them. */
function variantConf(): string {
  const table = workspace.join("varianttable");
  writeFileSync(table, "amd64v3\tamd64\tx86-64-v3\n");
  return `Dir::dpkg::varianttable "${table}";\nAPT::Architecture-Variants { "amd64v3"; };`;
}

/** Returns the complaints of every apt that has these files and no others. */
const complaintsWith = (
  config: ClientConfig,
  { install, also, ...settings }: Use,
): Promise<readonly string[]> =>
  complaintsOfEachApt(workspace.join(`clients-${clients++}`), async ({ kind, dir }) => {
    const client = await createAptClient({ kind, dir, sources: "", ...settings });
    write(config, dir);
    const downloads = join(dir, "downloads");
    mkdirSync(downloads);
    const results = [
      await client.update(),
      await client.download(install, downloads),
      await client.simulateInstall(install),
    ];
    return [...results.flatMap(complaintsOf), ...((await also?.(client)) ?? [])];
  });

describe.each(["deb822", "one-line"])("in the form %s", (format) => {
  test("lets each apt install packages and download sources", async () => {
    const config = await configOf("plain", "--format", format);
    expect(config.files.map(({ path }) => basename(path))).toEqual(
      format === "deb822" ? ["plain.sources"] : ["plain.list", "mirrorctl-plain.asc"],
    );
    const complaints = await complaintsWith(config, {
      install: ["tool", "update"],
      foreignArchitectures: ["i386"],
      also: async (client) =>
        complaintsOf(await client.run(["source", "--download-only", "--print-uris", "tool"])),
    });
    expect(complaints).toEqual([]);
  });

  test("lets each apt use a flat suite", async () => {
    expect(await complaintsWith(await configOf("flat", "--format", format), { install: ["lone"] })).toEqual(
      [],
    );
  });
});

test("keeps apt from what the filters left out", async () => {
  const config = await configOf("filtered");
  const complaints = await complaintsWith(config, {
    install: ["tool"],
    also: async (client) => [
      /Candidate: (\S+)/.exec(await client.policy("tool"))?.[1] ?? "",
      ...(await client.simulateInstall(["unwanted"])).complaints,
    ],
  });
  expect(complaints).toEqual(["1.0-1", "E: Package 'unwanted' has no installation candidate"]);
});

test("names no index that the mirror leaves out", async () => {
  const config = await configOf("small");
  expect(await complaintsWith(config, { install: ["tool"], extraConf: desktopIndexTargets })).toEqual([]);
});

test.each(["plain", "several"])("lets clients of a variant that %s leaves out do without it", async (id) => {
  const config = await configOf(id);
  expect(await complaintsWith(config, { install: ["tool"], extraConf: variantConf() })).toEqual([]);
});

test("lets clients with two keys inline accept what either of them signed", async () => {
  const config = await configOf("two-keys");
  expect(config.files.map(({ purpose }) => purpose)).toEqual(["sources"]);
  expect(await complaintsWith(config, { install: ["tool"] })).toEqual([]);
});
