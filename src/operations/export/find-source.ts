import { problemText } from "../../report/words/verify/damage-problem.ts";
import { faultText } from "../../report/words/verify/tree-remarks.ts";
import { type ListedFile, Suite, signatureFileNames } from "../../repository/index.ts";
import { isStandIn, workingMirrorName } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import { type FoundTree, findTree, openFoundTree } from "../trees/index.ts";
import { type CheckedTree, checkGeneration, checkSnapshot } from "../verify/index.ts";
import { ExportError } from "./label.ts";

/** The tree of an export. Its signatures hold, and every file of it is there with its size. */
export interface ExportSource {
  /** Undefined for the working mirror. */
  readonly snapshot: string | undefined;
  readonly path: string;
  readonly files: readonly ListedFile[];
  /** Of the suites: they make the tree complete, so they are copied last. */
  readonly signatureFiles: readonly ListedFile[];
  /** Files that upstream lacked when the tree was made (`allow_missing`). */
  readonly lackedFiles: number;
  /** Throws if the tree was removed or replaced since it was found. */
  readonly assertUnchanged: () => void;
}

/**
 * Returns the name of the tree to export, as `findTree` takes it: the one that was asked for, or the newest snapshot of a sync.
 * Undefined for the working mirror. What was imported is of the past: it is exported by name, or if there is nothing else.
 */
export async function chooseSnapshot(
  { catalog, working }: Pick<MirrorContext, "catalog" | "working">,
  wanted: string | undefined,
): Promise<string | undefined> {
  if (wanted !== undefined) return wanted === "working" ? undefined : wanted;
  const snapshots = (await catalog.glance()).filter(({ name, recorded }) => recorded && !isStandIn(name));
  const ofSync = snapshots.find(({ meta }) => meta.generation !== undefined);
  if (ofSync !== undefined || working.current() !== undefined) return ofSync?.name;
  return snapshots[0]?.name;
}

/** Throws ExportError TREE_DAMAGED: what is damaged here must not become the other side's only copy. */
export async function openSource(
  context: MirrorContext,
  snapshot: string | undefined,
): Promise<ExportSource> {
  const tree = await findTree(context, snapshot ?? workingMirrorName, use);
  const checked = await check(context, tree);
  refuseDamaged(context, tree, checked);
  const files: ListedFile[] = [];
  const signatureFiles: ListedFile[] = [];
  const { contents } = openFoundTree(context, tree);
  const signatures = signaturePaths(contents.suites.map(({ suite }) => suite));
  for await (const file of contents.files()) {
    if (signatures.has(file.path)) signatureFiles.push(file);
    // A sync makes these names itself; on a disk without links they would be copies.
    else if (!isByHash.test(file.path)) files.push(file);
  }
  const name = tree.name === workingMirrorName ? undefined : tree.name;
  const assertUnchanged = (): void => tree.assertUnchanged();
  const lackedFiles = checked.findings.remarks.reduce(
    (sum, remark) => sum + (remark.kind === "files-lacked" ? remark.files : 0),
    0,
  );
  return { snapshot: name, path: tree.path, files, signatureFiles, lackedFiles, assertUnchanged };
}

/** Returns what a snapshot lists, by `contentKey`: a mirror that has the snapshot has these files. */
export async function listContents(context: MirrorContext, snapshot: string): Promise<ReadonlySet<string>> {
  const { contents } = openFoundTree(context, await findTree(context, snapshot, use));
  const keys = new Set<string>();
  for await (const file of contents.files()) keys.add(contentKey(file));
  return keys;
}

/** A path and the bytes there. */
export const contentKey = ({ path, digests: { sha256, sha512 } }: ListedFile): string =>
  `${path} ${sha256 ?? sha512}`;

const use = { verb: "read", hint: "Name a snapshot: mirrorctl snapshot list" } as const;

const isByHash = /\/by-hash\/[A-Za-z0-9]+\/[0-9a-f]+$/;

const signaturePaths = (suites: readonly Suite[]): ReadonlySet<string> =>
  new Set(suites.flatMap((suite) => signatureFileNames.map((name) => suite.path(name))));

async function check(context: MirrorContext, { name }: FoundTree): Promise<CheckedTree> {
  const generation = name === workingMirrorName ? context.working.current() : undefined;
  if (generation !== undefined) return await checkGeneration(context, generation);
  return await checkSnapshot(context, await context.catalog.require(name));
}

function refuseDamaged(
  { mirror }: Pick<MirrorContext, "mirror">,
  tree: FoundTree,
  { findings, isGone }: CheckedTree,
): void {
  if (isGone) tree.assertUnchanged();
  const { damages, faults, isPartial } = findings;
  const items = [
    ...faults.map(faultText),
    ...damages.map(({ file: { path }, problem }) => problemText(path, problem)),
  ];
  if (items.length === 0 && !isPartial) return;
  throw treeDamaged(mirror.id, tree.name, items);
}

export const treeDamaged = (id: string, name: string, items: readonly string[]): ExportError =>
  new ExportError("TREE_DAMAGED", `${name} of ${id} is damaged, so it is not exported:`, {
    // A signature that is not good comes with a line that says what to do about it.
    items: items.flatMap((item) => item.split("\n")),
    hint: `To repair it: mirrorctl snapshot verify ${id}${name === workingMirrorName ? "" : ` ${name}`} --deep --repair`,
  });
