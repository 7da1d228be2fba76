/** Reads what is on the disk of a site, as clients and people see it, without mirrorctl's own code. */
import { basename, dirname, join } from "node:path";
import { digestOf } from "../support/digests.ts";
import type { Site } from "../support/site.ts";
import { foreignFiles } from "./foreign-files.ts";

/** Node's own: the faulty disk does not count what a test looks at. */
const { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } =
  process.getBuiltinModule("node:fs");

/** Relative path -> the digest of a file, or the target of a link. */
export type Tree = Readonly<Record<string, string>>;

export interface ShownTree {
  /** Its files, except those that are recorded as carried. */
  readonly own: Tree;
  readonly carried: Tree;
}

/** "working": through its names beside `staging`. "live": through `.live`, with or without such names. */
export const publicNames = ["staging", "current", "working", "live"] as const;
export type PublicName = (typeof publicNames)[number];

export interface MirrorState {
  /** Undefined if nothing is shown. */
  readonly shown: Readonly<Record<PublicName, ShownTree | undefined>>;
  /** By name, without other people's directories. */
  readonly snapshots: Readonly<Record<string, Tree>>;
}

export interface DiskState {
  readonly mirrors: Readonly<Record<string, MirrorState>>;
  readonly foreign: Tree;
}

export const diskStateOf = (site: Site, disk = new DiskReader()): DiskState => ({
  mirrors: mirrorStatesOf(site, disk),
  foreign: foreignIn(site),
});

export const mirrorStatesOf = (site: MirrorsOnDisk, disk = new DiskReader()): DiskState["mirrors"] =>
  Object.fromEntries(mirrorsOf(site).map((id) => [id, stateOfMirror(site, id, disk)]));

/** The mirrors "noble" and "jammy" in `dir`. */
export type MirrorsOnDisk = Pick<Site, "dir">;

/** Describes other people's files: inode, time and mode as well as content. */
export function foreignIn(site: Site): Tree {
  const paths = [...foreignFiles, "www/noble/theirs"];
  return Object.fromEntries(paths.map((path) => [path, identityOf(site.directory.join(path))]));
}

/** Mirrors of which the site has any files. */
export const mirrorsOf = ({ dir }: MirrorsOnDisk): readonly string[] =>
  ["noble", "jammy"].filter((id) => existsSync(join(dir, id)));

function stateOfMirror({ dir }: MirrorsOnDisk, id: string, disk: DiskReader): MirrorState {
  const root = join(dir, id);
  const snapshots = join(dir, ".snapshots", id);
  const names = entriesOf(snapshots).filter((name) => !name.startsWith(".") && !foreignNames.has(name));
  return {
    shown: {
      staging: disk.treeAt(join(root, "staging")),
      current: disk.treeAt(join(root, "current")),
      working: shownThroughLive(root, disk),
      live: disk.treeAt(join(root, ".live")),
    },
    snapshots: Object.fromEntries(names.map((name) => [name, disk.tree(join(snapshots, name)).own])),
  };
}

const foreignNames: ReadonlySet<string> = new Set(["theirs", "notes.json"]);

/** Reads what clients see below `<dir>/<id>` through the names that lead to `.live`. */
function shownThroughLive(root: string, disk: DiskReader): ShownTree | undefined {
  const names = linksOf(root).filter(([, target]) => target.startsWith(".live/"));
  if (!names.some(([name]) => existsSync(join(root, name)))) return undefined;
  const whole = disk.tree(realpathSync(join(root, ".live")));
  const isVisible = (path: string): boolean => names.some(([name]) => `${path}/`.startsWith(`${name}/`));
  const visible = (tree: Tree): Tree =>
    Object.fromEntries(Object.entries(tree).filter(([path]) => isVisible(path)));
  return { own: visible(whole.own), carried: visible(whole.carried) };
}

/** Reads each directory and each file once, however many names they have. What changes meanwhile is not seen. */
export class DiskReader {
  readonly #paths = new Map<string, readonly string[]>();
  readonly #trees = new Map<string, ShownTree>();
  readonly #digests = new Map<number, string>();

  /** Returns the paths of all files and links below a directory. */
  pathsBelow(directory: string): readonly string[] {
    const known = this.#paths.get(directory);
    if (known !== undefined) return known;
    const paths = readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
      const path = `${directory}/${entry.name}`;
      return entry.isDirectory() ? this.pathsBelow(path) : [path];
    });
    this.#paths.set(directory, paths);
    return paths;
  }

  treeAt(link: string): ShownTree | undefined {
    return existsSync(link) ? this.tree(realpathSync(link)) : undefined;
  }

  tree(root: string): ShownTree {
    const known = this.#trees.get(root);
    if (known !== undefined) return known;
    const recorded = recordedAsCarried(root);
    const own: Record<string, string> = {};
    const carried: Record<string, string> = {};
    for (const path of this.pathsBelow(root)) {
      const name = path.slice(root.length + 1);
      (recorded.has(name) ? carried : own)[name] = this.#contentOf(path);
    }
    const tree = { own, carried };
    this.#trees.set(root, tree);
    return tree;
  }

  #contentOf(path: string): string {
    const { ino } = lstatSync(path);
    const content = this.#digests.get(ino) ?? contentOf(path);
    this.#digests.set(ino, content);
    return content;
  }
}

/** Returns the digests of a tree's own files. */
export const readOwnFiles = (root: string): Tree => new DiskReader().tree(root).own;

function recordedAsCarried(root: string): ReadonlySet<string> {
  const record = join(dirname(root), ".carried", `${basename(root)}.json`);
  if (!existsSync(record)) return new Set();
  const { carried } = JSON.parse(readFileSync(record, "utf8")) as { carried: { paths: string[] }[] };
  return new Set(carried.flatMap(({ paths }) => paths));
}

/** Returns the paths of all files below the target of a link. */
export const listedFiles = (link: string): readonly string[] =>
  new DiskReader().pathsBelow(realpathSync(link));

const contentOf = (path: string): string =>
  lstatSync(path).isSymbolicLink() ? `-> ${readlinkSync(path)}` : digestOf(readFileSync(path), "SHA256");

function identityOf(path: string): string {
  const { ino, mtimeMs, nlink, mode } = lstatSync(path);
  return `${contentOf(path)} ${ino} ${mtimeMs} ${nlink} ${mode}`;
}

export const entriesOf = (directory: string): readonly string[] =>
  existsSync(directory) ? readdirSync(directory).toSorted() : [];

/** Returns name and target of each link in a directory. */
export const linksOf = (directory: string): readonly (readonly [name: string, target: string])[] =>
  entriesOf(directory)
    .filter((name) => lstatSync(join(directory, name)).isSymbolicLink())
    .map((name) => [name, readlinkSync(join(directory, name))] as const);
