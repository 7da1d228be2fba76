import { join } from "node:path";
import {
  expectedForms,
  expectedIndices,
  type HeldForm,
  type HeldIndex,
  holdIndex,
  listsFiles,
  namesOfForm,
  openTreeOnDisk,
  type ReleasedSuite,
  type SuiteContents,
} from "../../../contents/index.ts";
import type { ListedForm } from "../../../plan/index.ts";
import { inodeIfAny } from "../../../platform/look.ts";
import type { TreeRemark } from "../../../report/words/verify/tree-remarks.ts";
import { type ListedFile, normalizePath, type RepositoryPath } from "../../../repository/index.ts";
import type { CheckedSuite } from "./check-signatures.ts";
import { type Damage, type Findings, noFindings, orFault, sumOf } from "./findings.ts";
import { readThrough } from "./look-at.ts";
import type { OpenTree } from "./tree.ts";
import type { Verification } from "./verification.ts";

export interface CheckedIndices extends Findings {
  /** The indices with at least one form that is not damaged. */
  readonly held: readonly SuiteContents[];
  /** Every name that an index has or should have. */
  readonly paths: readonly RepositoryPath[];
}

/** Checks every form of every index under each of its names. Reads all of them, since they decide which files to check. */
export async function checkIndices(
  verification: Verification,
  tree: OpenTree,
  suites: readonly CheckedSuite[],
): Promise<CheckedIndices> {
  const parts: CheckedIndices[] = [];
  const unread = { held: [], paths: [], isPartial: true };
  for (const { suite, release } of suites) {
    if (release === undefined) {
      parts.push({ ...noFindings, ...unread, remarks: [{ kind: "suite-unchecked", suite: suite.name }] });
    } else {
      const check = () => checkSuite(verification, tree, { suite, release });
      parts.push(await orFault(check, (fault) => ({ ...fault, ...unread })));
    }
  }
  return {
    ...sumOf(parts),
    held: parts.flatMap(({ held }) => held),
    paths: parts.flatMap(({ paths }) => paths),
  };
}

async function checkSuite(
  verification: Verification,
  tree: OpenTree,
  released: ReleasedSuite,
): Promise<CheckedIndices> {
  const { suite } = released;
  const files = openTreeOnDisk(tree.path, verification);
  const damages: Damage[] = [];
  const indices: HeldIndex[] = [];
  const remarks: TreeRemark[] = [];
  const paths: RepositoryPath[] = [];
  for (const wanted of expectedIndices(released, tree.facts)) {
    const expected = expectedForms(files, released, wanted, tree.facts);
    const forms: HeldForm[] = [];
    for (const form of expected) {
      const checked = await checkForm(verification, tree, released, form);
      damages.push(...checked.damages);
      paths.push(...checked.names);
      if (checked.whole !== undefined) forms.push({ ...form, path: checked.whole });
    }
    const index = holdIndex(suite, wanted, forms);
    if (index !== undefined) indices.push(index);
    else if (expected.length > 0 && listsFiles(wanted)) {
      remarks.push({ kind: "index-unchecked", path: suite.path(normalizePath(wanted.name)) });
    }
  }
  return {
    ...noFindings,
    files: paths.length,
    damages,
    remarks,
    held: [{ ...released, indices }],
    paths,
    isPartial: remarks.length > 0,
  };
}

/** Returns all names of a form, and as `whole` a name under which its bytes are right. */
async function checkForm(
  { digests }: Verification,
  tree: OpenTree,
  released: ReleasedSuite,
  form: ListedForm,
) {
  const names = namesOfForm(released, form);
  const [name, strongest] = names;
  const sources = strongest === undefined ? [name] : [strongest, name]; // in the order of a sync
  const seen = new Set<string>();
  const damages: Damage[] = [];
  let whole: RepositoryPath | undefined;
  for (const path of names) {
    const id = inodeIfAny(join(tree.path, path))?.id;
    if (id !== undefined && seen.has(id) && !tree.carried.has(path)) continue; // the same file under another name
    if (id !== undefined) seen.add(id);
    const file: ListedFile = { ...form.entry, path };
    const damage = await readThrough(digests, tree, file, sources);
    if (damage === undefined) whole ??= path;
    else damages.push(damage);
  }
  return { whole, damages, names };
}
