import { join } from "node:path";
import { whyUnreadable } from "../../errors.ts";
import { ImportError, type NamedText } from "../../imports/index.ts";
import { listDirectory } from "../../platform/look.ts";
import { readBounded } from "../../platform/read-bounded.ts";

/** For all files of a configuration. */
const sizeMax = 4 << 20;
const filesMax = 1_000;

/** Reads a file of another tool, which may be anything. Throws ImportError. */
export function contentOf(path: string): string {
  const name = path === "-" ? "/dev/stdin" : path;
  return readOrExplain(path, () => readBounded(name, sizeMax).toString("utf8"));
}

export const fileAt = (path: string): NamedText => ({ name: path, text: contentOf(path) });

/** Reads the files of a folder whose names end so, in their order; none if there is no such folder. */
export function filesIn(folder: string, ending: string): readonly NamedText[] {
  const names = readOrExplain(folder, () => listDirectory(folder))
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith(ending))
    .map(({ name }) => join(folder, name))
    .toSorted();
  if (names.length > filesMax)
    throw new ImportError("IMPORT_UNREADABLE", `${folder} has more than ${filesMax} files`, {
      facts: { path: folder },
      hint: "Check that it is the configuration of that tool.",
    });
  let size = 0;
  return names.map((name) => {
    const file = fileAt(name);
    size += file.text.length;
    if (size <= sizeMax) return file;
    throw new ImportError("IMPORT_UNREADABLE", `the files of ${folder} are far too large`, {
      facts: { path: folder },
      hint: "Check that it is the configuration of that tool.",
    });
  });
}

function readOrExplain<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    throw new ImportError("IMPORT_UNREADABLE", `cannot read ${path}: ${reason}`, {
      facts: { path },
      hint: "Name its file behind the tool, and let this user read it.",
      cause: error,
    });
  }
}
