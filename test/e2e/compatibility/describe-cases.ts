import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createGnupg,
  createWorkspace,
  digestOf,
  type Gnupg,
  readTree,
  startNginx,
  type Workspace,
} from "../../support/index.ts";
import { pathsThatAptSees } from "./apt-view.ts";
import type { CompatibilityCase, ServedMirror } from "./case.ts";
import { sourceClient } from "./clients.ts";

/**
 * For each case: makes the repository, mirrors it with the built executable, switches upstream off, and lets the
 * clients use the mirror. One GnuPG signs all of them.
 */
export function describeCases(cases: readonly CompatibilityCase[]): void {
  const resources = new AsyncDisposableStack();
  let gnupg: Gnupg;
  beforeAll(async () => {
    gnupg = resources.use(await createGnupg());
  });
  afterAll(() => resources.disposeAsync());
  for (const each of cases) describeCase(each, () => gnupg);
}

function describeCase(compatibilityCase: CompatibilityCase, gnupg: () => Gnupg): void {
  const { madeBy, title, requests = [], uses } = compatibilityCase;
  describe(`${madeBy}: ${title}`, () => {
    const resources = new AsyncDisposableStack();
    let mirrored: Mirrored;

    beforeAll(async () => {
      mirrored = resources.use(await mirrorCase(compatibilityCase, gnupg()));
    });
    afterAll(() => resources.disposeAsync());

    test("the mirror has exactly the packages and sources that apt sees at upstream", () => {
      expect(mirrored.aptPaths).not.toEqual([]);
      expect([...mirrored.mirrorTree.keys()].filter(isPackageFile)).toEqual(mirrored.aptPaths);
    });

    test("each file of the mirror is upstream's, byte for byte", () => {
      const { mirrorTree, upstreamTree } = mirrored;
      const differing = [...mirrorTree.keys()].filter(
        (path) => mirrorTree.get(path) !== upstreamTree.get(path),
      );
      // Upstreams have by-hash names for some of the listed digests, mirrorctl for each of them.
      expect(differing.filter((path) => upstreamTree.has(path) || !path.includes("/by-hash/"))).toEqual([]);
    });

    test("verify --deep finds it whole", () => {
      expect(mirrored.verified).toMatchObject([{ result: "whole", damages: [], faults: [], remarks: [] }]);
    });

    test("upstream got requests for exactly these files, with encoded names", () => {
      const asked = mirrored.targets.map((target) => decodeURIComponent(target.slice(1)));
      expect([...new Set(asked)].filter(isPackageFile).toSorted()).toEqual(mirrored.aptPaths);
      expect(mirrored.targets).toEqual(expect.arrayContaining([...requests]));
    });

    test.each(uses.map((use) => [use.client, use.does, use] as const))(
      "%s %s",
      async (_client, _does, use) => {
        expect(await use.complaints(await mirrored.served())).toEqual([]);
      },
    );
  });
}

interface Mirrored extends AsyncDisposable {
  /** Returns what apt would download from upstream itself. */
  readonly aptPaths: readonly string[];
  /** Returns what upstream has at the paths of the mirror. */
  readonly upstreamTree: ReadonlyMap<string, string>;
  readonly mirrorTree: ReadonlyMap<string, string>;
  /** Returns the requests of mirrorctl that upstream answered with a file. */
  readonly targets: readonly string[];
  /** Returns the report of `snapshot verify --deep`, with upstream switched off. */
  readonly verified: unknown;
  /** Returns the mirror for one more client. */
  served(): Promise<ServedMirror>;
}

async function mirrorCase(compatibilityCase: CompatibilityCase, gnupg: Gnupg): Promise<Mirrored> {
  await using resources = new AsyncDisposableStack();
  const workspace = resources.use(await createWorkspace({}));
  const { upstream, server } = workspace;
  await mkdir(workspace.join("generator"));
  await compatibilityCase.build({ dir: upstream.dir, workDir: workspace.join("generator"), gnupg });
  workspace.configure({ mirrors: { m: { ...compatibilityCase.mirror, pgp_key_path: gnupg.keyFile } } });
  await workspace.run(["sync"]);
  const targets = server.requests.filter(({ status }) => status === 200).map(({ target }) => target);
  const aptPaths = await askApt(compatibilityCase, gnupg, workspace);
  await server.close();
  const { stdout } = await workspace.run(["--json", "snapshot", "verify", "m", "--deep"]);
  const nginx = resources.use(await startNginx({ root: workspace.dir }));
  const mirrorTree = await readTree(workspace.join("www/m/.live"));
  const upstreamTree = await readPaths(upstream.dir, mirrorTree.keys());
  const owned = resources.move();
  return {
    aptPaths,
    targets,
    upstreamTree,
    mirrorTree,
    verified: JSON.parse(stdout),
    served: () => serve(compatibilityCase, workspace, gnupg, `${nginx.url}/m`),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Returns what a new apt would download from upstream itself. */
async function askApt(
  compatibilityCase: CompatibilityCase,
  gnupg: Gnupg,
  workspace: Workspace,
): Promise<string[]> {
  const { url } = workspace.server;
  const client = await sourceClient(await serve(compatibilityCase, workspace, gnupg, url));
  const { exitCode, output } = await client.update();
  if (exitCode !== 0) throw new Error(`apt cannot use upstream itself: ${output}`);
  return pathsThatAptSees(client, url, compatibilityCase);
}

/** Returns the settings of a new client for a repository at this URL. */
async function serve(
  { directory = "", entry, foreignArchitectures = [], isDetached = false }: CompatibilityCase,
  workspace: Workspace,
  { keyFile, publicKeyArmored }: Gnupg,
  url: string,
): Promise<ServedMirror> {
  const dir = await mkdtemp(workspace.join("client-"));
  return {
    url: `${url}/${directory}`,
    entry,
    foreignArchitectures,
    isDetached,
    keyFile,
    publicKeyArmored,
    dir,
  };
}

/** Returns path -> SHA-256 in hex, through symbolic links. */
async function readPaths(dir: string, paths: Iterable<string>): Promise<Map<string, string>> {
  const tree = new Map<string, string>();
  for (const path of paths) {
    const file = join(dir, path);
    if (existsSync(file)) tree.set(path, digestOf(await readFile(file), "SHA256"));
  }
  return tree;
}

const isPackageFile = (path: string): boolean =>
  !path.startsWith("dists/") && /\.(?:deb|dsc|diff\.gz|tar\.[a-z0-9]+(?:\.asc)?)$/.test(path);
