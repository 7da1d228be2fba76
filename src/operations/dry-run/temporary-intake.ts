import { join } from "node:path";
import { makeSymlink, movePath, writeNewFile } from "../../platform/files.ts";
import { finishPaced } from "../../platform/flow/paced.ts";
import { statIfAny } from "../../platform/look.ts";
import { draftTree } from "../../snapshot/index.ts";
import { bytesOf, findDigests, isListed } from "../../store/index.ts";
import type { Intake, NewObject } from "../sync/index.ts";
import type { HeldFiles } from "./held-files.ts";

/**
 * Takes indices into a temporary directory, whatever file system that is on: links to what is held, and downloads of
 * the rest. `take` learns of each download.
 */
export function temporaryIntake(
  directory: string,
  held: HeldFiles,
  { assertRoomFor, take }: Pick<Intake, "assertRoomFor"> & { readonly take: (object: NewObject) => void },
): Intake {
  const draft = draftTree(join(directory, "tree"), join(directory, "never"));
  return {
    root: draft.root,
    partials: join(directory, "partial"),
    assertRoomFor,
    linkHeld: async (file) => linkTo(await held.find(file), draft.place(file.path)),
    linkHeldRechecked: async (file) => linkTo(await held.findRechecked(file), draft.place(file.path)),
    async keep(received, file) {
      const bytes = bytesOf(received);
      const found = await finishPaced(findDigests(bytes, file.digests));
      if (!isListed(found, file)) return found;
      const target = draft.place(file.path);
      if ("path" in bytes) movePath(bytes.path, target);
      else writeNewFile(target, bytes.bytes, bytes.modifiedAt);
      const { sha256 } = found.digests;
      take({ sizeBytes: statIfAny(target)?.size, digests: { sha256 } });
      return undefined;
    },
    // The directory counts, the second name is not needed.
    linkWithin: (_from, to) => void draft.place(to),
  };
}

function linkTo(path: string | undefined, target: string): boolean {
  if (path === undefined) return false;
  makeSymlink(path, target);
  return true;
}
