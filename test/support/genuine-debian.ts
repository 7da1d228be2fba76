import { existsSync } from "node:fs";
import { cp, link, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { type AptClient, type AptResult, aptAvailable, createAptClient } from "./apt-client.ts";
import { digestOf } from "./digests.ts";
import { runProgram } from "./run-program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A small suite of Debian's own archive as its servers have it, except for the files that apt does not fetch. */
export interface GenuineDebian {
  /** Contains `dists/` with InRelease, Packages.xz, Translation-en.xz and their by-hash names, and `pool/`. */
  readonly dir: string;
  readonly suite: string;
  /** The keyring file that apt verified it with. */
  readonly keyring: string;
  /** The names of all its packages. */
  readonly packages: readonly string[];
}

export type FetchedDebian =
  | { readonly kind: "fetched"; readonly debian: GenuineDebian }
  | { readonly kind: "out-of-reach"; readonly reason: string };

const suite = "bookworm-updates";
export const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const cacheDir = join(import.meta.dirname, "../../.cache/genuine-debian");

/**
 * Has apt fetch the suite below `dir`, from the apt sources of this machine. `.cache` keeps what an earlier run
 * fetched, and it is used again while apt accepts it. In both cases apt has verified everything that is returned.
 */
export async function fetchGenuineDebian(dir: string): Promise<FetchedDebian> {
  if (!aptAvailable()) return outOfReach("apt-get is not installed");
  if (!existsSync(keyring)) return outOfReach(`${keyring} is missing (package debian-archive-keyring)`);
  if (existsSync(cacheDir)) {
    const cached = await fetchFrom(`copy:${cacheDir}`, join(dir, "cached"));
    if (cached.kind === "fetched") return cached;
  }
  const uri = await findConfiguredUri();
  if (uri === undefined) return outOfReach(`the apt sources of this machine do not have ${suite}`);
  const fetched = await fetchFrom(uri, join(dir, "fetched"), await readHostNetworkSettings());
  if (fetched.kind === "fetched") await keepInCache(fetched.debian.dir);
  return fetched;
}

const outOfReach = (reason: string): FetchedDebian => ({ kind: "out-of-reach", reason });

/** Without a final slash. */
async function findConfiguredUri(): Promise<string | undefined> {
  const format = "$(RELEASE) $(REPO_URI)";
  const { stdout } = await runProgram("apt-get", ["indextargets", "--format", format]);
  const lines = stdout.toString().split("\n");
  const line = lines.find((candidate) => candidate.startsWith(`${suite} `));
  return line?.slice(suite.length + 1).replace(/\/$/, "");
}

/** The network settings of this machine's apt (proxies, certificates), as lines of apt.conf. */
export async function readHostNetworkSettings(): Promise<string> {
  const { stdout } = await runProgram("apt-config", ["dump", "Acquire::http", "Acquire::https"]);
  return `#clear Acquire::http::Proxy;\n${stdout.toString()}`;
}

/** Keeps indices in the form of the archive; apt would store them in another. */
export const keepIndices = `Acquire::GzipIndexes "true";
Acquire::IndexTargets::deb::Packages::KeepCompressedAs "xz";
Acquire::IndexTargets::deb::Translations::KeepCompressedAs "xz";
Acquire::http::Timeout "15";
`;

async function fetchFrom(uri: string, dir: string, networkSettings = ""): Promise<FetchedDebian> {
  const apt = await createAptClient({
    dir: join(dir, "apt"),
    sources: `deb [signed-by=${keyring}] ${uri} ${suite} main`,
    extraConf: keepIndices + networkSettings,
  });
  const updated = await apt.update();
  if (hasFailed(updated)) return outOfReach(describeFailure(`apt-get update of ${suite}`, updated));
  const packages = linesOf(await apt.cache(["pkgnames"])).toSorted();
  const debs = join(dir, "debs");
  await mkdir(debs);
  const poolPaths = await findPoolPaths(apt, uri, packages);
  const downloaded = await apt.download(packages, debs);
  if (hasFailed(downloaded)) return outOfReach(describeFailure(`apt-get download from ${suite}`, downloaded));

  const layout = join(dir, "archive");
  for (const [name, path] of poolPaths) await move(join(debs, name), join(layout, path));
  await layOutIndices(apt, join(dir, "apt/state/lists"), join(layout, "dists", suite));
  return { kind: "fetched", debian: { dir: layout, suite, keyring, packages } };
}

const hasFailed = ({ exitCode, complaints }: AptResult): boolean => exitCode !== 0 || complaints.length > 0;

const describeFailure = (what: string, { exitCode, complaints, output }: AptResult): string =>
  `${what} failed: ${complaints.length > 0 ? complaints.join("; ") : `exit status ${exitCode}: ${output}`}`;

const linesOf = ({ output }: AptResult): string[] => output.split("\n").filter((line) => line !== "");

/** Maps the name under which apt downloads a package (`x_1%3a2_all.deb`) to its path below `uri`. */
async function findPoolPaths(
  apt: AptClient,
  uri: string,
  packages: readonly string[],
): Promise<Map<string, string>> {
  const listed = await apt.run(["download", "--print-uris", ...packages]);
  const paths = new Map<string, string>();
  for (const [, url = "", name = ""] of listed.output.matchAll(/^'([^']+)' (\S+) /gm))
    paths.set(name, decodeURIComponent(url.slice(uri.length + 1)));
  return paths;
}

async function layOutIndices(apt: AptClient, lists: string, suiteDir: string): Promise<void> {
  const inRelease = (await readdir(lists)).find((name) => name.endsWith("_InRelease"));
  if (inRelease === undefined) throw new Error(`apt keeps no InRelease in ${lists}`);
  await move(join(lists, inRelease), join(suiteDir, "InRelease"));
  for (const line of linesOf(await apt.run(["indextargets", "--format", "$(METAKEY) $(FILENAME)"]))) {
    const [name = "", file = ""] = line.split(" ");
    const index = join(suiteDir, name + extname(file));
    await move(file, index);
    const byHash = join(dirname(index), "by-hash/SHA256");
    await mkdir(byHash, { recursive: true });
    await link(index, join(byHash, digestOf(await readFile(index), "SHA256")));
  }
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}

/** Copies with a rename at the end, so that an interrupted run leaves no partial copy. */
async function keepInCache(archive: string): Promise<void> {
  await mkdir(dirname(cacheDir), { recursive: true });
  await using next = await temporaryDirectory(`${basename(cacheDir)}-`, dirname(cacheDir));
  await cp(archive, next.join("archive"), { recursive: true, preserveTimestamps: true });
  await rm(cacheDir, { recursive: true, force: true });
  await rename(next.join("archive"), cacheDir);
}
