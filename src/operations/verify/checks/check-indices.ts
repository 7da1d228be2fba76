import { join } from "node:path";
import type { ListedForm, WantedIndex } from "../../../plan/index.ts";
import { inodeIfAny } from "../../../platform/files.ts";
import {
  joinPath,
  type ListedFile,
  normalizePath,
  type RepositoryPath,
  Suite,
} from "../../../repository/index.ts";
import type { BroughtIndex, IndexForm } from "../../sync/indices/fetch-index.ts";
import type { CheckedSuite } from "./check-signatures.ts";
import { expectedForms, expectedIndices, namesOf, type SignedSuite } from "./expected-indices.ts";
import { type Damage, type Findings, noFindings, type OpenTree, orFault, sumOf } from "./findings.ts";
import { readThrough } from "./look-at.ts";
import type { Verification } from "./verification.ts";

export interface CheckedIndices extends Findings {
  /** Those of which a form is whole. */
  readonly indices: readonly BroughtIndex[];
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
  for (const { suite, root, release } of suites) {
    const unread = { indices: [], paths: [], isPartial: true };
    if (release === undefined)
      parts.push({
        ...noFindings,
        ...unread,
        remarks: [`${suite}: nothing vouches for the files of this suite, and they were not looked at`],
      });
    else {
      const check = () => checkSuite(verification, tree, { suite, root, release });
      parts.push(await orFault(check, (fault) => ({ ...fault, ...unread })));
    }
  }
  return {
    ...sumOf(parts),
    indices: parts.flatMap(({ indices }) => indices),
    paths: parts.flatMap(({ paths }) => paths),
  };
}

async function checkSuite(
  verification: Verification,
  tree: OpenTree,
  suite: SignedSuite,
): Promise<CheckedIndices> {
  const damages: Damage[] = [];
  const indices: BroughtIndex[] = [];
  const unread: RepositoryPath[] = [];
  const paths: RepositoryPath[] = [];
  for (const wanted of expectedIndices(tree, suite)) {
    const name = joinPath(suite.root, normalizePath(wanted.name));
    const expected = expectedForms(tree, suite, wanted);
    const forms: IndexForm[] = [];
    for (const form of expected) {
      const checked = await checkForm(verification, tree, suite, form);
      damages.push(...checked.damages);
      paths.push(...checked.names);
      const { compression, entry } = form;
      if (checked.whole !== undefined)
        forms.push({ compression, path: checked.whole, sizeBytes: entry.sizeBytes });
    }
    if (forms.length > 0)
      indices.push({ kind: "brought", wanted, suite: new Suite(suite.suite), name, forms });
    else if (expected.length > 0 && namesFiles(wanted)) unread.push(name);
  }
  const remarks = unread.map(
    (name) => `${name}: no form of it is whole, and what it names was not looked at`,
  );
  const isPartial = unread.length > 0;
  return { ...noFindings, files: paths.length, damages, remarks, indices, paths, isPartial };
}

const namesFiles = ({ kind, name }: WantedIndex): boolean =>
  kind === "packages" || kind === "sources" || (kind === "installer-images" && name.endsWith("SHA256SUMS"));

interface CheckedForm {
  /** A name under which the bytes are right. */
  readonly whole: RepositoryPath | undefined;
  readonly damages: readonly Damage[];
  readonly names: readonly RepositoryPath[];
}

async function checkForm(
  { digests }: Verification,
  tree: OpenTree,
  suite: SignedSuite,
  form: ListedForm,
): Promise<CheckedForm> {
  const names = namesOf(suite, form);
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
