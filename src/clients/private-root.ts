import { join } from "node:path";
import { makeDirectory, makeSymlink, makeTemporaryDirectory, writeSmallFile } from "../platform/files.ts";
import { removeTree } from "../platform/remove-tree.ts";
import { aptConf, type Platform, variantTable } from "./apt-conf.ts";
import { type AptSource, preferencesOf, type SourcePlaces, sourceStanza } from "./apt-source.ts";
import { type RootPaths, rootDirectories, rootPaths } from "./root-paths.ts";

/** Makes a directory that only this user may enter, with a configuration of apt, its sources, and no packages. */
export async function makePrivateRoot(
  tempDir: string,
  platform: Platform,
  sources: readonly AptSource[],
): Promise<RootPaths> {
  const paths = rootPaths(makeTemporaryDirectory(tempDir));
  try {
    fillRoot(paths, platform, sources);
    return paths;
  } catch (error) {
    await removeTree(paths.root);
    throw error;
  }
}

function fillRoot(paths: RootPaths, platform: Platform, sources: readonly AptSource[]): void {
  for (const directory of rootDirectories) makeDirectory(join(paths.root, directory));
  writeRootFile(paths.conf, aptConf(paths, platform));
  writeRootFile(paths.variants, variantTable(platform));
  writeRootFile(paths.status, "");
  const stanzas = sources.map((source) => sourceStanza(source, placesOf(paths, source)));
  writeRootFile(paths.sources, `${stanzas.join("\n\n")}\n`);
  writeRootFile(paths.preferences, preferencesOf(sources));
  for (const source of sources)
    if (source.trust.kind === "keys") writeRootFile(placesOf(paths, source).keyFile, source.trust.keys);
  const trees = new Map(sources.map(({ mirror, tree }) => [mirror, tree]));
  for (const [mirror, tree] of trees) makeSymlink(tree, join(paths.mirrors, mirror));
}

export const writeRootFile = (path: string, content: string | Uint8Array): void =>
  writeSmallFile(path, content, 0o600);

/** The tree is behind a link: apt makes the names of its lists from the whole URI, which may be longer than a name may. */
export const placesOf = ({ mirrors, keys }: RootPaths, { mirror }: AptSource): SourcePlaces => ({
  uri: `file:${join(mirrors, mirror)}`,
  keyFile: join(keys, `${mirror}.gpg`),
});
