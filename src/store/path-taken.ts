import { statLinkIfAny } from "../platform/look.ts";
import { RepositoryError } from "../repository/index.ts";

/** The error of a tree that has another file, or a directory, at the path of a file. */
export function pathTaken(target: string): RepositoryError {
  if (statLinkIfAny(target)?.isDirectory() === true) {
    return new RepositoryError("PATH_CONFLICT", `${target} is needed both as a file and as a directory`, {
      hint: "The upstream lists two paths of which one lies below the other; no tree can hold both.",
    });
  }
  return new RepositoryError("PATH_CONFLICT", `${target} is needed for two files of different content`, {
    hint:
      "The upstream lists one path twice, or two whose names differ only in upper and lower case: a tree can hold " +
      "those only on a file system that tells them apart.",
  });
}
