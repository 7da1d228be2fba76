/** What stands on the disk of a site, as clients and people see it; read without mirrorctl's own code. */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { digestOf } from "../support/digests.ts";
import { foreignFiles, type Site } from "./site.ts";

/** Relative path -> what is there: a digest, or where a link leads. */
export type Tree = Readonly<Record<string, string>>;

export interface ShownTree {
  /** Without what is recorded as carried for others. */
  readonly own: Tree;
  readonly carried: Tree;
}

/** "working": by its names beside `staging`; "live": through `.live`, whether or not it has such names. */
export const publicNames = ["staging", "current", "working", "live"] as const;
export type PublicName = (typeof publicNames)[number];

export interface MirrorPicture {
  /** Undefined where nothing is shown. */
  readonly shown: Readonly<Record<PublicName, ShownTree | undefined>>;
  /** By name, those that are not somebody else's. */
  readonly snapshots: Readonly<Record<string, Tree>>;
}

export interface Picture {
  readonly mirrors: Readonly<Record<string, MirrorPicture>>;
  readonly foreign: Tree;
}

export function pictureOf(site: Site): Picture {
  const trees = new TreeReader();
  const mirrors = mirrorsOf(site).map((id) => [id, pictureOfMirror(site, id, trees)] as const);
  return { mirrors: Object.fromEntries(mirrors), foreign: foreignIn(site) };
}

/** What other people have: the files themselves, and not only what is in them. */
export function foreignIn(site: Site): Tree {
  const paths = [...foreignFiles, "www/noble/theirs"];
  return Object.fromEntries(paths.map((path) => [path, identityOf(join(site.path, path))]));
}

/** Those that the site has anything of. */
export const mirrorsOf = ({ dir }: Site): readonly string[] =>
  ["noble", "jammy"].filter((id) => existsSync(join(dir, id)));

function pictureOfMirror({ dir }: Site, id: string, trees: TreeReader): MirrorPicture {
  const root = join(dir, id);
  const snapshots = join(dir, ".snapshots", id);
  const names = entriesOf(snapshots).filter((name) => !name.startsWith(".") && !foreignNames.has(name));
  return {
    shown: {
      staging: trees.shownAt(join(root, "staging")),
      current: trees.shownAt(join(root, "current")),
      working: shownThroughLive(root, trees),
      live: trees.shownAt(join(root, ".live")),
    },
    snapshots: Object.fromEntries(names.map((name) => [name, trees.read(join(snapshots, name)).own])),
  };
}

const foreignNames: ReadonlySet<string> = new Set(["theirs", "notes.json"]);

/** What clients see below `<dir>/<id>`: the names that lead through `.live`, each with what is there. */
function shownThroughLive(root: string, trees: TreeReader): ShownTree | undefined {
  const names = linksOf(root).filter(([, target]) => target.startsWith(".live/"));
  if (!names.some(([name]) => existsSync(join(root, name)))) return undefined;
  const whole = trees.read(realpathSync(join(root, ".live")));
  const isVisible = (path: string): boolean => names.some(([name]) => `${path}/`.startsWith(`${name}/`));
  const visible = (tree: Tree): Tree =>
    Object.fromEntries(Object.entries(tree).filter(([path]) => isVisible(path)));
  return { own: visible(whole.own), carried: visible(whole.carried) };
}

/** Reads each tree once, and each file, however many names they have. */
class TreeReader {
  readonly #trees = new Map<string, ShownTree>();
  readonly #digests = new Map<number, string>();

  shownAt(link: string): ShownTree | undefined {
    return existsSync(link) ? this.read(realpathSync(link)) : undefined;
  }

  read(root: string): ShownTree {
    const known = this.#trees.get(root);
    if (known !== undefined) return known;
    const recorded = recordedAsCarried(root);
    const own: Record<string, string> = {};
    const carried: Record<string, string> = {};
    for (const path of walk(root)) {
      const name = relative(root, path);
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

function recordedAsCarried(root: string): ReadonlySet<string> {
  const record = join(dirname(root), ".carried", `${basename(root)}.json`);
  if (!existsSync(record)) return new Set();
  const { carried } = JSON.parse(readFileSync(record, "utf8")) as { carried: { paths: string[] }[] };
  return new Set(carried.flatMap(({ paths }) => paths));
}

export function* walk(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

/** Paths of all that stands where a link leads. */
export const listedFiles = (link: string): readonly string[] => [...walk(realpathSync(link))];

const contentOf = (path: string): string =>
  lstatSync(path).isSymbolicLink() ? `-> ${readlinkSync(path)}` : digestOf(readFileSync(path), "SHA256");

function identityOf(path: string): string {
  const { ino, mtimeMs, nlink, mode } = lstatSync(path);
  return `${contentOf(path)} ${ino} ${mtimeMs} ${nlink} ${mode}`;
}

export const entriesOf = (directory: string): readonly string[] =>
  existsSync(directory) ? readdirSync(directory).toSorted() : [];

/** Of the links that stand in a directory: name and target. */
export const linksOf = (directory: string): readonly (readonly [name: string, target: string])[] =>
  entriesOf(directory)
    .filter((name) => lstatSync(join(directory, name)).isSymbolicLink())
    .map((name) => [name, readlinkSync(join(directory, name))] as const);
