import { join } from "node:path";
import {
  formsOf,
  type HeldForm,
  type HeldIndex,
  holdIndex,
  listsFiles,
  namesOfForm,
  openTreeOnDisk,
  type ReleasedSuite,
  type SuiteContents,
  selectIndicesOf,
} from "../../../contents/index.ts";
import type { ListedForm } from "../../../plan/index.ts";
import { inodeIfAny } from "../../../platform/files.ts";
import { type ListedFile, normalizePath, type RepositoryPath, Suite } from "../../../repository/index.ts";
import type { CheckedSuite } from "./check-signatures.ts";
import { type Damage, type Findings, noFindings, type OpenTree, orFault, sumOf } from "./findings.ts";
import { readThrough } from "./look-at.ts";
import type { Verification } from "./verification.ts";

export interface CheckedIndices extends Findings {
  /** The indices of which a form is whole. */
  readonly held: readonly SuiteContents[];
  /** Every name that an index has or should have. */
  readonly paths: readonly RepositoryPath[];
}

/** Checks every form of every index under each of its names: bytes and all, since they decide what follows. */
export async function checkIndices(
  verification: Verification,
  tree: OpenTree,
  suites: readonly CheckedSuite[],
): Promise<CheckedIndices> {
  const parts: CheckedIndices[] = [];
  for (const { suite, release } of suites) {
    const unread = { held: [], paths: [], isPartial: true };
    if (release === undefined)
      parts.push({
        ...noFindings,
        ...unread,
        remarks: [`${suite}: nothing vouches for the files of this suite, and they were not looked at`],
      });
    else {
      const check = () => checkSuite(verification, tree, { suite: new Suite(suite), release });
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
  suite: ReleasedSuite,
): Promise<CheckedIndices> {
  const damages: Damage[] = [];
  const indices: HeldIndex[] = [];
  const unread: RepositoryPath[] = [];
  const paths: RepositoryPath[] = [];
  const files = openTreeOnDisk(tree.path, verification.context);
  for (const wanted of selectIndicesOf(suite, tree.facts)) {
    const expected = formsOf(files, suite, wanted, tree.facts);
    const forms: HeldForm[] = [];
    for (const form of expected) {
      const checked = await checkForm(verification, tree, suite, form);
      damages.push(...checked.damages);
      paths.push(...checked.names);
      if (checked.whole !== undefined) forms.push({ ...form, path: checked.whole });
    }
    const index = holdIndex(suite.suite, wanted, forms);
    if (index !== undefined) indices.push(index);
    else if (expected.length > 0 && listsFiles(wanted))
      unread.push(suite.suite.path(normalizePath(wanted.name)));
  }
  const remarks = unread.map(
    (name) => `${name}: no form of it is whole, and what it names was not looked at`,
  );
  const isPartial = unread.length > 0;
  return {
    ...noFindings,
    files: paths.length,
    damages,
    remarks,
    held: [{ ...suite, indices }],
    paths,
    isPartial,
  };
}

interface CheckedForm {
  /** A name under which the bytes are right. */
  readonly whole: RepositoryPath | undefined;
  readonly damages: readonly Damage[];
  readonly names: readonly RepositoryPath[];
}

async function checkForm(
  { digests }: Verification,
  tree: OpenTree,
  suite: ReleasedSuite,
  form: ListedForm,
): Promise<CheckedForm> {
  const names = namesOfForm(suite, form);
  const [name, strongest] = names;
  const sources = strongest === undefined ? [name] : [strongest, name]; // as a sync asks for it
  const seen = new Set<string>();
  const damages: Damage[] = [];
  let whole: RepositoryPath | undefined;
  for (const path of names) {
    const id = inodeIfAny(join(tree.path, path))?.id;
    if (id !== undefined && seen.has(id) && !tree.carried.has(path)) continue; // the same file, by another name
    if (id !== undefined) seen.add(id);
    const file: ListedFile = { ...form.entry, path };
    const damage = await readThrough(digests, tree, file, sources);
    if (damage === undefined) whole ??= path;
    else damages.push(damage);
  }
  return { whole, damages, names };
}
