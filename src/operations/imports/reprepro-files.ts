import { basename, dirname, join } from "node:path";
import { filterListNames, ImportError, type NamedText } from "../../imports/index.ts";
import { statIfAny } from "../../platform/look.ts";
import { contentOf, fileAt, filesIn } from "./tool-files.ts";

/** Reads the files of conf/ of reprepro. `path` is its base directory, conf/ or conf/updates. */
export function repreproFiles(path: string) {
  const conf = confOf(path);
  const updates = stanzasAt(join(conf, "updates"));
  if (updates.length === 0) contentOf(join(conf, "updates")); // which says why there is none
  const distributions = stanzasAt(join(conf, "distributions"));
  return { updates, distributions, lists: new Map(listsOf(updates, conf)) };
}

const isDirectory = (path: string): boolean => statIfAny(path)?.isDirectory() === true;

function confOf(path: string): string {
  if (isDirectory(path) && basename(path) !== "updates") {
    const below = join(path, "conf");
    return isDirectory(below) ? below : path;
  }
  if (basename(path) === "updates") return dirname(path);
  throw new ImportError(
    "IMPORT_UNREADABLE",
    `${path} is not a directory of reprepro, nor its file conf/updates`,
    {
      facts: { path },
      hint: "Name the base directory of reprepro, which has conf/updates.",
    },
  );
}

/** Each may be a file, or a directory of files that end in .conf. */
function stanzasAt(path: string): readonly NamedText[] {
  if (isDirectory(path)) return filesIn(path, ".conf");
  return statIfAny(path) === undefined ? [] : [fileAt(path)];
}

const listsMax = 100;

/** Relative names are below conf/, unless they say otherwise. Those of a home directory are not read. */
function listsOf(updates: readonly NamedText[], conf: string): readonly (readonly [string, string])[] {
  return filterListNames(updates)
    .slice(0, listsMax)
    .flatMap((name) => {
      const [, root, rest = ""] = /^(\+b|\+c)\/(.*)$/s.exec(name) ?? [];
      const below = root === "+b" ? dirname(conf) : conf;
      const path = root === undefined ? name : rest;
      const full = path.startsWith("/") ? path : join(below, path);
      return statIfAny(full)?.isFile() === true && !name.startsWith("~")
        ? [[name, contentOf(full)] as const]
        : [];
    });
}
