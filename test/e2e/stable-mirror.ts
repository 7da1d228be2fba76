/** Mirrors of a suite "stable" with contents that the test chooses, as clients see them. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import {
  type AptClientOptions,
  createWorkspace,
  type FakeSuite,
  type FakeUpstream,
  type MirrorSettings,
  readTree,
  type SuiteOptions,
  serveDirectory,
  type Workspace,
} from "../support/index.ts";
import { complaintsOfApt } from "./apt-use.ts";

export const binary = "dists/stable/main/binary-amd64";
export const helloDeb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
export const flat = { sections: undefined, architectures: undefined };

interface Stated {
  readonly settings?: MirrorSettings;
  /** Options of the suite "stable", which has the package hello. */
  readonly options?: SuiteOptions;
  readonly state?: (suite: FakeSuite, upstream: FakeUpstream) => void;
}

/** Makes a published upstream, and a mirror of it that has not been synced yet. */
export async function createStableMirror({
  settings = {},
  options = {},
  state,
}: Stated = {}): Promise<Workspace> {
  const workspace = await createWorkspace({ mirrors: { debian: settings } });
  const suite = workspace.upstream.suite("stable", options).addPackage("hello", "1.0-1");
  state?.(suite, workspace.upstream);
  await workspace.upstream.publish();
  return workspace;
}

export const treeOf = (workspace: Workspace): Promise<ReadonlyMap<string, string>> =>
  readTree(workspace.join("www/debian/current"));

export const bytesIn = (workspace: Workspace, path: string): Buffer =>
  readFileSync(workspace.join("www/debian/current", path));

export const logOfSync = async (workspace: Workspace): Promise<string> =>
  (await workspace.run(["sync"])).stderr;

/** Runs a sync that must fail and publish nothing. Returns its log. */
export async function logOfFailedSync(workspace: Workspace): Promise<string> {
  const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
  expect(await workspace.published("debian")).toEqual({});
  return stderr;
}

export const requestsFor = ({ server }: Workspace, pattern: RegExp): string[] =>
  server.requests.map(({ path }) => path).filter((path) => pattern.test(path));

/** Has apt use production, or a directory `below` it. Returns its complaints. */
export async function clientComplaints(
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
