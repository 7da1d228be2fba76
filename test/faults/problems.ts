/** Checks a site after a fault, and after the same verb has run again without one. Each function returns problems. */
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Site } from "../support/site.ts";
import {
  DiskReader,
  type DiskState,
  diskStateOf,
  entriesOf,
  linksOf,
  type MirrorState,
  type MirrorsOnDisk,
  mirrorsOf,
  type PublicName,
  publicNames,
  type ShownTree,
  type Tree,
} from "./disk-state.ts";

/** Node's own: the faulty disk does not count what a test looks at. */
const { existsSync, lstatSync, readFileSync, realpathSync } = process.getBuiltinModule("node:fs");

export interface Allowances {
  /** Snapshots that may be missing in between, because another takes their place. */
  readonly mayLack?: readonly string[];
  /** Snapshots that may exist in between, with the content that these have in the end. */
  readonly mayHave?: Readonly<Record<string, string>>;
  /** Each file of a tree may be the old one or the new one, as while damaged files are replaced. */
  readonly mayMix?: boolean;
  /** The working mirror loses its names, one by one: clients see the old tree, a part of it, or nothing. */
  readonly hidesWorking?: boolean;
  /** Problems that another verb takes care of. */
  readonly mayLeave?: RegExp;
}

export function problemsInBetween(
  found: DiskState,
  before: DiskState,
  after: DiskState,
  allowances: Allowances,
): string[] {
  const problems: string[] = [];
  if (!isDeepStrictEqual(found.foreign, before.foreign)) problems.push("foreign files were touched");
  for (const [id, mirror] of Object.entries(found.mirrors)) {
    const old = before.mirrors[id];
    const next = after.mirrors[id];
    if (old === undefined || next === undefined) throw new Error(`no mirror ${id}`);
    const of = (problem: string): string => `${id}: ${problem}`;
    for (const name of publicNames)
      problems.push(...problemsOfShown(name, mirror, old, next, allowances).map(of));
    problems.push(...problemsOfSnapshots(mirror, old, next, allowances).map(of));
  }
  return problems;
}

function problemsOfShown(
  name: PublicName,
  { shown }: MirrorState,
  before: MirrorState,
  after: MirrorState,
  allowances: Allowances,
): string[] {
  const found = shown[name];
  const [old, next] = [before.shown[name], after.shown[name]];
  if (name === "working" && allowances.hidesWorking === true) return problemsWhileHiding(found, old);
  const isOld = isDeepStrictEqual(found?.own, old?.own);
  if (!isOld && !isAllowedTree(found?.own, old?.own, next?.own, after, allowances))
    return [`${name} shows neither the old tree nor the new one`];
  const carried = found?.carried ?? {};
  const known = new Set([before, after].flatMap(({ shown: trees }) => Object.values(trees).flatMap(filesOf)));
  const strange = Object.entries(carried).filter((file) => !known.has(file.join(" ")));
  const missing = isOld ? [] : Object.keys(next?.carried ?? {}).filter((path) => !(path in carried));
  return [
    ...strange.map(([path]) => `${name} carries a strange ${path}`),
    ...missing.map((path) => `${name} does not carry ${path}`),
  ];
}

function problemsWhileHiding(found: ShownTree | undefined, old: ShownTree | undefined): string[] {
  const known = new Set(filesOf(old));
  return filesOf(found).every((file) => known.has(file))
    ? []
    : ["working shows files that it did not show before, while it is being hidden"];
}

const filesOf = (tree: ShownTree | undefined): readonly string[] =>
  [...Object.entries(tree?.own ?? {}), ...Object.entries(tree?.carried ?? {})].map((file) => file.join(" "));

function isAllowedTree(
  found: Tree | undefined,
  old: Tree | undefined,
  next: Tree | undefined,
  after: MirrorState,
  { mayHave = {}, mayMix = false }: Allowances,
): boolean {
  const others = Object.values(mayHave).map((name) => after.snapshots[name]);
  if ([next, ...others].some((tree) => isDeepStrictEqual(found, tree))) return true;
  return mayMix && isMixture(found, old, next);
}

/** Returns true if a tree has the old or the new content at each of its names. */
function isMixture(found: Tree = {}, old: Tree = {}, next: Tree = {}): boolean {
  const names = Object.keys(next);
  return (
    isDeepStrictEqual(Object.keys(found), names) &&
    names.every((name) => found[name] === old[name] || found[name] === next[name])
  );
}

function problemsOfSnapshots(
  { snapshots }: MirrorState,
  { snapshots: before }: MirrorState,
  { snapshots: after }: MirrorState,
  { mayLack = [], mayHave = {}, mayMix = false }: Allowances,
): string[] {
  const problems: string[] = [];
  for (const [name, tree] of Object.entries(snapshots)) {
    const allowed = [before[name], after[name], after[mayHave[name] ?? ""]];
    const isMixed = mayMix && isMixture(tree, before[name], after[name]);
    if (!isMixed && !allowed.some((other) => isDeepStrictEqual(tree, other)))
      problems.push(`the snapshot ${name} has neither its old nor its new content`);
  }
  for (const name of Object.keys(before))
    if (after[name] !== undefined && snapshots[name] === undefined && !mayLack.includes(name))
      problems.push(`the snapshot ${name} is gone`);
  return problems;
}

/** Returns the problems after a run that ended well. */
export function problemsInTheEnd(site: Site, after: DiskState): string[] {
  const disk = new DiskReader();
  const found = diskStateOf(site, disk);
  const problems: string[] = [];
  if (!isDeepStrictEqual(found.foreign, after.foreign)) problems.push("foreign files were touched");
  for (const [id, { shown, snapshots }] of Object.entries(found.mirrors)) {
    for (const name of publicNames) {
      const wanted = after.mirrors[id]?.shown[name];
      if (!isDeepStrictEqual(shown[name], wanted))
        problems.push(`${id}: ${name} does not have its new content`);
    }
    if (!isDeepStrictEqual(snapshots, after.mirrors[id]?.snapshots))
      problems.push(`${id}: the snapshots are ${Object.keys(snapshots).join(", ")}, or differ`);
  }
  return [...problems, ...emptyNames(site), ...leftoversOf(site, disk)];
}

/** Returns names of the working mirror that lead nowhere. */
function emptyNames(site: MirrorsOnDisk): string[] {
  const { dir } = site;
  return mirrorsOf(site).flatMap((id) =>
    linksOf(join(dir, id))
      .filter(([name, target]) => target.startsWith(".live/") && !existsSync(join(dir, id, name)))
      .map(([name]) => `${id}/${name} leads nowhere`),
  );
}

/** Returns files and directories that nothing uses. */
export function leftoversOf(site: MirrorsOnDisk, disk = new DiskReader()): string[] {
  const { dir } = site;
  const own = join(dir, ".mirrorctl");
  const problems: string[] = [];
  for (const path of disk.pathsBelow(dir)) {
    if (temporaryName.test(path) || path.startsWith(join(own, "partial")))
      problems.push(`left over: ${path.slice(dir.length)}`);
  }
  for (const id of mirrorsOf(site)) {
    const trees = join(own, "trees", id);
    const shown = shownGeneration(site, id);
    const usual = [shown, ".carried", `.${shown}.files`, `.${shown}.spare`];
    const others = entriesOf(trees).filter((name) => !usual.includes(name));
    problems.push(...differingSpare(trees, shown, disk));
    problems.push(...others.map((name) => `left over: the tree ${name}`));
    const snapshots = join(dir, ".snapshots", id);
    problems.push(...strayRecords(trees), ...strayRecords(snapshots));
    for (const file of entriesOf(join(snapshots, ".meta")))
      if (file.endsWith(".json") && !existsSync(join(snapshots, file.slice(0, -".json".length))))
        problems.push(`left over: what is known of ${file}`);
  }
  return problems;
}

function shownGeneration({ dir }: MirrorsOnDisk, id: string): string | undefined {
  const live = join(dir, id, ".live");
  return existsSync(live) ? basename(realpathSync(live)) : undefined;
}

export const differingSpares = (site: MirrorsOnDisk): readonly string[] =>
  mirrorsOf(site).flatMap((id) =>
    differingSpare(join(site.dir, ".mirrorctl/trees", id), shownGeneration(site, id), new DiskReader()),
  );

/** Returns a problem if the tree that is kept for the next sync has other files than the one that is shown. */
function differingSpare(trees: string, shown: string | undefined, disk: DiskReader): readonly string[] {
  const tree = join(trees, shown ?? "none");
  const spare = join(trees, `.${shown}.spare`);
  const list = join(trees, `.${shown}.files`);
  const disowned = join(trees, "../../objects/sha256/.disowned");
  const isUsable = existsSync(spare) && existsSync(list);
  if (!isUsable || (existsSync(disowned) && lstatSync(disowned).mtimeMs >= lstatSync(list).mtimeMs))
    return [];
  return isDeepStrictEqual(disk.tree(spare).own, disk.tree(tree).own)
    ? []
    : ["the spare differs from the shown tree"];
}

const temporaryName = /\/\.[^/]+\.(?:draft|removed|next)(?:\/|$)|\/\.probe$/;

/** Returns objects that no tree has, or that were about to be removed. */
export function unheldObjects({ dir }: MirrorsOnDisk): string[] {
  const objects = join(dir, ".mirrorctl/objects");
  return (existsSync(objects) ? new DiskReader().pathsBelow(objects) : [])
    .filter((path) => basename(path) !== ".disowned")
    .filter((path) => lstatSync(path).nlink === 1 || /\.(?:swept|renewed)$/.test(path))
    .map((path) => `nothing holds ${basename(path)}`);
}

/** Returns records of carried files whose tree is missing, or that name missing files. */
function strayRecords(trees: string): string[] {
  return entriesOf(join(trees, ".carried")).flatMap((file) => {
    const tree = join(trees, file.slice(0, -".json".length));
    if (!existsSync(tree)) return [`left over: the record of what ${file} carries`];
    const { carried } = JSON.parse(readFileSync(join(trees, ".carried", file), "utf8")) as {
      carried: { paths: string[] }[];
    };
    const gone = carried.flatMap(({ paths }) => paths).filter((path) => !existsSync(join(tree, path)));
    return gone.map((path) => `recorded as carried by ${file}, but gone: ${path}`);
  });
}

/**
 * Returns public links that lead nowhere or have a temporary name. A name that leads through `.live` may exist before a
 * tree has it: to clients that is the same as no name.
 */
export function strayLinks(site: MirrorsOnDisk): string[] {
  const { dir } = site;
  return mirrorsOf(site).flatMap((id) =>
    linksOf(join(dir, id)).flatMap(([name, target]) => [
      ...(existsSync(join(dir, id, name)) || target.startsWith(".live/")
        ? []
        : [`${id}/${name} leads nowhere (${target})`]),
      ...(name.endsWith(".next") ? [`${id}/${name} is a temporary name`] : []),
    ]),
  );
}
