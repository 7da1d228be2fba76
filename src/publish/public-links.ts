import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { MirrorLayout } from "../layout.ts";
import { pointLinkDurably } from "../platform/durable-file.ts";
import {
  listDirectory,
  makeDirectory,
  readLinkIfAny,
  realPathIfAny,
  removeFile,
  statLinkIfAny,
  syncDirectory,
} from "../platform/files.ts";
import { PublishError } from "./errors.ts";

export type PublicName = "staging" | "production";

/** Where a public link leads: a snapshot of the mirror, its working mirror, or somewhere that is not mirrorctl's. */
export type LinkTarget =
  | { readonly kind: "none" }
  | { readonly kind: "working-mirror" }
  | { readonly kind: "snapshot"; readonly name: string }
  | { readonly kind: "foreign"; readonly path: string };

/** `staging` and production of one mirror. Reading takes no lock; whoever points holds the mirror's. */
export interface PublicLinks {
  read(name: PublicName): LinkTarget;
  /** The names of all links in `<dir>/<id>` that lead to a snapshot or into it, whoever made them; sorted. */
  leadingTo(snapshot: string): readonly string[];
  /** The same of the working mirror: its public names, and production where that follows it. */
  leadingToWorkingMirror(): readonly string[];
  /** Fails where pointing would, because something stands there that is not mirrorctl's. */
  assertPointable(name: PublicName): void;
  pointToSnapshot(name: PublicName, snapshot: string): void;
  pointToWorkingMirror(name: PublicName): void;
  /** Makes sure that a power cut does not undo where the link leads now. */
  flush(name: PublicName): void;
  /** Takes the link away. */
  remove(name: PublicName): void;
}

export function openPublicLinks(layout: MirrorLayout): PublicLinks {
  const linkOf = (name: PublicName): string => (name === "staging" ? layout.staging : layout.production);

  const assertPointable = (name: PublicName): void => {
    const link = linkOf(name);
    const there = statLinkIfAny(link);
    if (there !== undefined && !there.isSymbolicLink()) {
      throw new PublishError("NAME_TAKEN", `${link} is not a link, and mirrorctl did not make it`, {
        hint: "Move it away, or give the public name another word under [publish].",
      });
    }
    const leadsTo = classify(layout, link);
    if (leadsTo.kind === "foreign") {
      throw new PublishError(
        "LINK_FOREIGN",
        `${link} leads to ${leadsTo.path}, where mirrorctl did not point it`,
        {
          facts: { link, found: leadsTo.path },
          hint: `Remove the link, or give the public name another word under [publish]. So that clients see no gap, point it to a snapshot yourself: ln -sfn ${layout.snapshots}/NAME ${link}`,
        },
      );
    }
  };

  const point = (name: PublicName, target: string): void => {
    assertPointable(name);
    const link = linkOf(name);
    makeDirectory(dirname(link));
    pointLinkDurably(link, linkText(layout, link, target));
  };

  return {
    read: (name) => classify(layout, linkOf(name)),
    leadingTo: (snapshot) => namesLeadingInto(layout, join(layout.snapshots, snapshot)),
    leadingToWorkingMirror: () => namesLeadingInto(layout, layout.live),
    assertPointable,
    pointToSnapshot: (name, snapshot) => point(name, join(layout.snapshots, snapshot)),
    pointToWorkingMirror: (name) => point(name, layout.live),
    flush: (name) => syncDirectory(dirname(linkOf(name))),
    remove(name) {
      if (!statLinkIfAny(linkOf(name))?.isSymbolicLink()) return;
      removeFile(linkOf(name));
      syncDirectory(dirname(linkOf(name)));
    },
  };
}

/**
 * Absolute where the target stands outside `dir`; relative inside it, so that `dir` can be moved, mounted elsewhere or
 * copied whole.
 */
function linkText(layout: MirrorLayout, link: string, target: string): string {
  const inside = target === layout.dir || target.startsWith(layout.dir + sep);
  return inside ? relative(dirname(link), target) : target;
}

/** What `pointLinkDurably` makes on its way: one that a killed run left shows nothing to anybody. */
const temporaryName = /^\..+\.next$/;

function namesLeadingInto(layout: MirrorLayout, directory: string): readonly string[] {
  return listDirectory(layout.root)
    .filter((entry) => entry.isSymbolicLink() && !temporaryName.test(entry.name))
    .map((entry) => entry.name)
    .filter((name) => join(layout.root, name) !== directory)
    .filter((name) => leadsInto(directory, join(layout.root, name)))
    .toSorted();
}

/** As it is spelt, or where it really leads: the way to the snapshots may itself go through links, and change. */
function leadsInto(directory: string, link: string): boolean {
  const text = readLinkIfAny(link);
  const spelt = text === undefined ? undefined : resolve(dirname(link), text);
  return isWithin(directory, spelt) || isWithin(realPathIfAny(directory), realPathIfAny(link));
}

function isWithin(directory: string | undefined, path: string | undefined): boolean {
  return directory !== undefined && path !== undefined && `${path}${sep}`.startsWith(directory + sep);
}

function classify(layout: MirrorLayout, link: string): LinkTarget {
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
