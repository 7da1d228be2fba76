import { normalize } from "node:path/posix";
import type { AptClient, AptResult } from "../../support/index.ts";

interface AptSight {
  /** Architectures beside the client's own. */
  readonly foreignArchitectures?: readonly string[];
  readonly sources?: readonly string[];
}

/**
 * Returns the paths below the base URL of every package that apt would download, of any version and architecture, and
 * of the files of these source packages. The client has updated before.
 */
export async function pathsThatAptSees(
  client: AptClient,
  baseUrl: string,
  { foreignArchitectures = [], sources = [] }: AptSight,
): Promise<string[]> {
  const packages = await packagesOf(client, foreignArchitectures);
  const printed: AptResult[] = [];
  if (packages.length > 0) printed.push(await client.run(["download", "--print-uris", ...packages]));
  if (sources.length > 0) {
    printed.push(await client.run(["source", "--download-only", "--print-uris", ...sources]));
  }
  const paths = printed.flatMap(({ exitCode, output }) => {
    if (exitCode !== 0) throw new Error(output);
    return [...output.matchAll(/^'(.+)' \S+ \d+ /gm)].map(([, url = ""]) => url.slice(baseUrl.length + 1));
  });
  return [
    ...new Set(paths.map((path) => normalize(decodeURIComponent(path)).replace(/^\/+/, ""))),
  ].toSorted();
}

/** `name=version` of each package. */
async function packagesOf(client: AptClient, foreignArchitectures: readonly string[]): Promise<string[]> {
  // pkgnames leaves out some packages for all architectures; dumpavail fails if the last newline is missing.
  const names = (await client.cache(["pkgnames"])).output.split("\n").filter((name) => name !== "");
  const available = (await client.cache(["dumpavail"])).output;
  for (const [, name = ""] of available.matchAll(/^Package *: *(\S+)/gim)) names.push(name);
  const foreign = foreignArchitectures.flatMap((architecture) =>
    names.map((name) => `${name}:${architecture}`),
  );
  if (names.length === 0) return [];
  const { output } = await client.cache(["madison", ...new Set([...names, ...foreign])]);
  return [...new Set(output.split("\n").flatMap(packageOf))];
}

/** `  name:arm64 | version | url suite/component arm64 Packages` */
function packageOf(line: string): string[] {
  const [name = "", version = "", index = ""] = line.split("|").map((column) => column.trim());
  return index.endsWith(" Packages") ? [`${name}=${version}`] : [];
}
