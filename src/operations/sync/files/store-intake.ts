import { join } from "node:path";
import { removeFile } from "../../../platform/files.ts";
import { statLinkIfAny } from "../../../platform/look.ts";
import { type ListedFile, parseSha256 } from "../../../repository/index.ts";
import { linkOrCopyDurably, type TreeDraft } from "../../../snapshot/index.ts";
import { isListed, Keeper } from "../../../store/index.ts";
import type { SyncContext } from "../sync-context.ts";
import { assertSpaceForIndices } from "../tree/enough-space.ts";
import { hashFile, type Intake, isDecidedByName } from "./intake.ts";

export type StorePorts = Pick<SyncContext, "mirror" | "layout" | "freeSpace" | "objects" | "working">;

/** Returns what checks received bytes and makes objects of them. */
export const openKeeper = ({ objects, layout }: Pick<StorePorts, "objects" | "layout">): Keeper =>
  new Keeper(objects, layout.objects);

/** Puts files into a draft: links objects of the store, and names new files as objects. */
export function storeIntake(ports: StorePorts, draft: TreeDraft, keeper = openKeeper(ports)): Intake {
  return {
    root: draft.root,
    partials: ports.layout.partial,
    assertRoomFor: (indices) => assertSpaceForIndices(ports, indices),
    linkHeld: (file) => linkHeld(ports, draft, file),
    linkHeldRechecked: async (file) => linkHeldRechecked(ports, draft, file),
    keep: (received, file) =>
      keeper.keep(received, file, draft.pathOf(file.path), () => draft.place(file.path)),
    linkWithin: (from, to) => draft.linkWithin(from, to),
  };
}

type LinkHeld = (
  ports: Pick<StorePorts, "objects" | "working">,
  draft: TreeDraft,
  file: ListedFile,
) => boolean | Promise<boolean>;

/** There may be a hundred thousand packages: one whose object name decides is not read. */
const linkHeld: LinkHeld = (ports, draft, file) =>
  isDecidedByName(file) || file.digests.sha256 === undefined
    ? linkUnread(ports, draft, file)
    : linkHeldRechecked(ports, draft, file);

/**
 * Hashes the bytes again. What the disk has changed is downloaded again. A digest that is wrong today beside the right
 * SHA-256 fails here as it does for a file that is not held.
 */
const linkHeldRechecked: LinkHeld = async (ports, draft, file) => {
  if (!(await linkUnread(ports, draft, file))) return false;
  const target = draft.place(file.path);
  const found = await hashFile(target, file);
  if (isListed(found, file)) return true;
  removeFile(target);
  const { sha256 } = file.digests;
  if (sha256 !== undefined && sha256 !== found.digests.sha256) ports.objects.disown(parseSha256(sha256));
  return false;
};

const linkUnread: LinkHeld = (ports, draft, file) => {
  const { sha256 } = file.digests;
  if (sha256 === undefined) return linkFromWorkingMirror(ports, draft, file);
  return ports.objects.linkTo(parseSha256(sha256), () => draft.place(file.path), file.sizeBytes);
};

/**
 * A file that is listed without SHA-256 has no known object name. The working mirror may have it at the same path: its bytes
 * are compared with what is listed now.
 */
const linkFromWorkingMirror: LinkHeld = async (ports, draft, file) => {
  const generation = ports.working.current();
  if (generation === undefined) return false;
  const held = join(generation.path, file.path);
  const stats = statLinkIfAny(held);
  if (stats === undefined || !stats.isFile() || stats.size !== file.sizeBytes) return false;
  if (!isListed(await hashFile(held, file), file)) return false;
  linkOrCopyDurably(held, draft.place(file.path)); // a copy once the file has as many names as the file system allows
  return true;
};
