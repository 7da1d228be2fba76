import { RunningDigests } from "../platform/running-digests.ts";
import { type Digests, RepositoryError, type RepositoryPath, unlistedBytesMax } from "../repository/index.ts";
import { checkDigests } from "../trust/index.ts";
import type { HeldForm, HeldIndex } from "./held-index.ts";
import type { TreeFiles } from "./tree-files.ts";

/**
 * Streams the decompressed bytes of an index, from the form that decodes fastest. Release lists the size and digests of
 * these bytes too. They are checked as apt does, so that every client reads the same, whichever form it takes; the listed
 * size also limits the decompression. An error may follow the last chunk. If only compressed forms are listed, the form
 * itself is checked, before it is read. `checked` chooses which of the listed digests are: all if absent.
 */
export async function* readIndex(
  tree: TreeFiles,
  index: HeldIndex,
  checked: (listed: Digests) => Digests = (listed) => listed,
): AsyncGenerator<Uint8Array> {
  const { plain } = index.wanted;
  if (plain?.sizeBytes === 0) return; // apt never requests one, whatever a compressed form may hold
  const { path, compression, entry } = decodableForm(tree, index);
  if (plain === undefined) await checkForm(tree, path, { ...entry, digests: checked(entry.digests) });
  const digests = checked(plain?.digests ?? {});
  const running = new RunningDigests(digests);
  const bytesMax = plain?.sizeBytes ?? plainBytesMax(entry.sizeBytes);
  for await (const chunk of tree.decompress(path, compression, bytesMax)) {
    running.update(chunk);
    yield chunk;
  }
  if (plain !== undefined) {
    const { sizeBytes } = running;
    checkDigests(running.finish(), sizeBytes, { ...plain, digests, path: `${path}, decompressed` });
  }
}

async function checkForm(
  tree: TreeFiles,
  path: RepositoryPath,
  { sizeBytes, digests }: HeldForm["entry"],
): Promise<void> {
  const running = new RunningDigests(digests);
  for await (const chunk of tree.decompress(path, "plain", sizeBytes)) running.update(chunk);
  const received = running.sizeBytes;
  checkDigests(running.finish(), received, { path, sizeBytes, digests });
}

/**
 * Limits an index of which Release lists compressed forms alone, as in some flat repositories. No index of packages
 * shrinks to a hundredth, and a small one may be anything.
 */
const plainBytesMax = (formBytes: number): number =>
  Math.min(unlistedBytesMax, Math.max(16 * 2 ** 20, 200 * formBytes));

export function decodableForm(tree: TreeFiles, { name, forms }: HeldIndex): HeldForm {
  const decodable = forms.find(({ compression }) => tree.missingProgram(compression) === undefined);
  if (decodable !== undefined) return decodable;
  const compressions = forms.map(({ compression }) => compression);
  const programs = compressions.flatMap((compression) => tree.missingProgram(compression) ?? []);
  throw new RepositoryError(
    "INDEX_UNREADABLE",
    `${name} exists only as ${compressions.join(" and ")}, which mirrorctl reads where ${programs.join(" or ")} is installed`,
    {
      facts: { forms: compressions },
      hint: "On Debian: apt install xz-utils lz4. Without them mirrorctl reads plain, gz, xz, bz2 and zst.",
    },
  );
}
