import { basename, join } from "node:path";
import type { MirrorLayout } from "../layout.ts";
import { makeSymlink, removeFile } from "../platform/files.ts";
import { listDirectory, readLinkIfAny, statLinkIfAny } from "../platform/look.ts";
import { PublishError } from "./errors.ts";

/*
 * The names of the working mirror, such as dists and pool: links in `<dir>/<id>` to `.live/dists`, `.live/pool`. All of
 * them move at once when `.live` moves.
 */

/** Makes the links that are missing. Returns their names. */
export function showNames(layout: MirrorLayout, names: readonly string[]): readonly string[] {
  const missing = names.filter((name) => readSymlink(join(layout.root, name)) === undefined);
  for (const name of missing) makeSymlink(targetOf(layout, name), join(layout.root, name));
  return missing;
}

/** Removes all such links except those of `shown`. Returns their names, sorted. */
export function hideOthers(layout: MirrorLayout, shown: ReadonlySet<string>): readonly string[] {
  const others = listDirectory(layout.root)
    .map((entry) => entry.name)
    .filter((name) => !shown.has(name))
    .filter((name) => readSymlink(join(layout.root, name)) === targetOf(layout, name))
    .toSorted();
  for (const name of others) removeFile(join(layout.root, name));
  return others;
}

/** Throws a PublishError unless `<dir>/<id>` is missing or a directory: links lead out of it by "..". */
export function assertOwnDirectory({ root }: MirrorLayout): void {
  if (statLinkIfAny(root)?.isDirectory() !== false) return;
  throw new PublishError("NAME_TAKEN", `${root} is not a directory`, {
    hint: "mirrorctl did not make it. Move it away; to use another disk, mount it there.",
  });
}

/** Throws a PublishError if the name is taken: by a public link, or by a file of somebody else. */
export function assertShowable(layout: MirrorLayout, name: string): void {
  assertNotHidden(layout, name);
  const path = join(layout.root, name);
  if (path === layout.staging || path === layout.production) throw nameTaken(layout, name, reservedHint);
  if (statLinkIfAny(path) === undefined || readSymlink(path) === targetOf(layout, name)) return;
  throw nameTaken(layout, name, "mirrorctl did not make it. Move it away.");
}

/** Throws a PublishError for a name such as .htaccess, which the web server would read for itself. */
export function assertNotHidden(layout: MirrorLayout, name: string): void {
  if (name.startsWith(".")) throw nameTaken(layout, name, reservedHint);
}

const reservedHint =
  "Names that begin with a dot cannot be mirrored. For staging and production, choose other names under [publish].";

function nameTaken(layout: MirrorLayout, name: string, hint: string): PublishError {
  const path = join(layout.root, name);
  const message = `the repository of ${layout.id} has "${name}", but ${path} is something else`;
  return new PublishError("NAME_TAKEN", message, { hint });
}

const targetOf = ({ live }: MirrorLayout, name: string): string => `${basename(live)}/${name}`;

function readSymlink(path: string): string | undefined {
  return statLinkIfAny(path)?.isSymbolicLink() === true ? readLinkIfAny(path) : undefined;
}
