import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { MirrorLayout } from "../layout.ts";
import { listDirectory, readLinkIfAny, realPathIfAny, statLinkIfAny } from "../platform/look.ts";
import { PublishError } from "./errors.ts";
import type { Shown } from "./publisher.ts";

/** Returns the text of a link: absolute if the target is outside `dir`, else relative, so that `dir` can be moved or copied. */
export function linkText({ dir }: MirrorLayout, link: string, target: string): string {
  const isInside = target === dir || target.startsWith(dir + sep);
  return isInside ? relative(dirname(link), target) : target;
}

/** Returns where a link leads. */
export function readPublicLink(layout: MirrorLayout, link: string): Shown {
  const text = statLinkIfAny(link)?.isSymbolicLink() === true ? readLinkIfAny(link) : undefined;
  if (text === undefined) return { kind: "none" };
  const path = resolve(dirname(link), text);
  if (path === layout.live) return { kind: "working-mirror" };
  if (dirname(path) === layout.snapshots) return { kind: "snapshot", name: basename(path) };
  const realPath = realPathIfAny(path);
  if (realPath !== undefined && dirname(realPath) === realPathIfAny(layout.snapshots))
    return { kind: "snapshot", name: basename(realPath) };
  return { kind: "foreign", path };
}

/** Throws a PublishError if the name of a link is taken by something that mirrorctl did not make. */
export function assertOwnLink(layout: MirrorLayout, link: string): void {
  const found = statLinkIfAny(link);
  if (found !== undefined && !found.isSymbolicLink()) {
    throw new PublishError("NAME_TAKEN", `${link} is not a link, and mirrorctl did not make it`, {
      hint: "Move it away, or choose another public name under [publish].",
    });
  }
  const shown = readPublicLink(layout, link);
  if (shown.kind !== "foreign") return;
  throw new PublishError("LINK_FOREIGN", `${link} leads to ${shown.path}, where mirrorctl did not point it`, {
    facts: { link, found: shown.path },
    hint: `Remove the link, or choose another public name under [publish]. To leave clients no gap, point it to a snapshot yourself: ln -sfn ${layout.snapshots}/NAME ${link}`,
  });
}

/** Returns the names of all links in `<dir>/<id>` that lead to a directory or into it, except those with its own path; sorted. */
export function linksInto({ root }: MirrorLayout, directory: string): readonly string[] {
  return listDirectory(root)
    .filter((entry) => entry.isSymbolicLink() && !temporaryName.test(entry.name))
    .map((entry) => entry.name)
    .filter((name) => join(root, name) !== directory)
    .filter((name) => leadsInto(directory, join(root, name)))
    .toSorted();
}

/** The name that `pointLinkDurably` uses on the way: no client sees one that a killed run left. */
const temporaryName = /^\..+\.next$/;

/** By its text, or by where it really leads: the path to the snapshots may itself go through links, and change. */
function leadsInto(directory: string, link: string): boolean {
  const text = readLinkIfAny(link);
  const written = text === undefined ? undefined : resolve(dirname(link), text);
  return isWithin(directory, written) || isWithin(realPathIfAny(directory), realPathIfAny(link));
}

function isWithin(directory: string | undefined, path: string | undefined): boolean {
  return directory !== undefined && path !== undefined && `${path}${sep}`.startsWith(directory + sep);
}
