import { statLinkIfAny } from "../../../platform/files.ts";
import type { ListedFile, RepositoryPath } from "../../../repository/index.ts";
import { type LackedFile, PartialFile } from "../../../store/index.ts";
import { TrustError } from "../../../trust/index.ts";
import type { LookContext } from "../sync-context.ts";
import { admit } from "./admit-body.ts";
import type { Intake } from "./intake.ts";
import { partialPath } from "./partial-name.ts";
import { type Received, receiveFile } from "./receive-file.ts";

/** A listed file stands in the tree, or upstream does not have it. */
export type Brought = { readonly kind: "held" } | Received;
export type Absent = Extract<Brought, { kind: "absent" }>;

export interface BringOptions {
  readonly link?: Intake["linkHeld"];
  /** What an earlier sync found in place of the file. */
  readonly known?: LackedFile | undefined;
}

/**
 * Stands a listed file in the tree: by a link where its bytes are held, else from the first of `paths` (below the base
 * URL) that has it. Its size and every digest of `file` are checked before it is named as an object. Where a path has other
 * bytes, the next is tried; where none has the right ones, the first mismatch is thrown.
 */
export async function bringListed(
  context: LookContext,
  intake: Intake,
  file: ListedFile,
  paths: readonly RepositoryPath[],
  { link = intake.linkHeld, known }: BringOptions = {},
): Promise<Brought> {
  return context.downloads.take(partialPath(intake, file), async () => {
    // The same bytes may have come for another path while this one waited.
    if (await link(file)) return { kind: "held" };
    if (await takeWhole(intake, file)) return { kind: "held" };
    if (known !== undefined) return receiveAgain(context, intake, file, known);
    return fetchFromAny(context, intake, file, paths);
  });
}

/** One request is enough for what was broken when it was last asked for: conditional, if wrong bytes came. */
function receiveAgain(
  context: LookContext,
  intake: Intake,
  file: ListedFile,
  known: LackedFile,
): Promise<Received> {
  return receiveFile(context, intake, file, { path: file.path, fresh: true, known });
}

async function fetchFromAny(
  context: LookContext,
  intake: Intake,
  file: ListedFile,
  paths: readonly RepositoryPath[],
): Promise<Brought> {
  let absent: Brought | undefined;
  let mismatch: TrustError | undefined;
  for (const path of paths) {
    try {
      const brought = await fetchFrom(context, intake, file, path);
      if (brought.kind !== "absent") return brought;
      absent = brought;
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      mismatch ??= error;
    }
  }
  if (mismatch !== undefined) throw mismatch;
  return absent ?? { kind: "absent", status: 404, url: file.path };
}

/**
 * A run that died after the last byte and before the object had its name left a file that lacks nothing. It is checked
 * as if it had just come; if it does not hold, it is fetched.
 */
async function takeWhole(intake: Intake, file: ListedFile): Promise<boolean> {
  const path = partialPath(intake, file);
  if (file.sizeBytes === undefined || statLinkIfAny(path)?.size !== file.sizeBytes) return false;
  const partial = await PartialFile.open(path, file.digests);
  if (partial.heldBytes !== file.sizeBytes) return false; // too small a file to be taken up
  try {
    admit(intake, file, partial.finish(undefined));
    return true;
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    partial.discard();
    return false;
  }
}

/** Wrong bytes may come from a cache on the way: it is passed by once before they count as upstream's. */
async function fetchFrom(
  context: LookContext,
  intake: Intake,
  file: ListedFile,
  path: RepositoryPath,
): Promise<Brought> {
  try {
    return await receiveFile(context, intake, file, { path, fresh: false });
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    const message = `${error.message}; asking again, past the caches on the way`;
    context.emit({ type: "detail", message });
    return await receiveFile(context, intake, file, { path, fresh: true });
  }
}
