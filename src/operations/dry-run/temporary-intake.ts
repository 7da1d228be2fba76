import { join } from "node:path";
import { makeSymlink, movePath, statIfAny, writeNewFile } from "../../platform/files.ts";
import { draftTree } from "../../snapshot/index.ts";
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
    adopt(verified, sha256, path) {
      const target = draft.place(path);
      if ("path" in verified) movePath(verified.path, target);
      else writeNewFile(target, verified.bytes, verified.modifiedAt);
      take({ sizeBytes: statIfAny(target)?.size, digests: { sha256 } });
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
