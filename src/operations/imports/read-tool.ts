import { whyUnreadable } from "../../errors.ts";
import {
  ImportError,
  type Imported,
  importAptly,
  importAptMirror,
  importDebmirror,
} from "../../imports/index.ts";
import { readBounded } from "../../platform/read-bounded.ts";

/** The tools whose configurations can be read, each with the file that it reads by default. */
const defaultFiles = {
  "apt-mirror": "/etc/apt/mirror.list",
  aptly: undefined,
  debmirror: "/etc/debmirror.conf",
} as const;

export type ImportTool = keyof typeof defaultFiles;

/** What was read, and from where, for people. */
export interface ReadTool {
  readonly imported: Imported;
  readonly from: string;
}

/** Reads the configuration of another tool. Throws ImportError. */
export function readTool(tool: ImportTool, words: readonly string[], architecture: string): ReadTool {
  switch (tool) {
    case "apt-mirror": {
      const path = onlyFile(tool, words);
      return { imported: importAptMirror(contentOf(path), architecture), from: path };
    }
    case "aptly": {
      const files = words.length === 0 ? [onlyFile(tool, words)] : words;
      const texts = files.map((name) => ({ name, text: contentOf(name) }));
      return { imported: importAptly(texts), from: files.join(", ") };
    }
    case "debmirror":
      return readDebmirror(words, architecture);
  }
}

/** A file, the arguments of a command line, of which the first begins with "-", or a file and arguments. */
function readDebmirror(words: readonly string[], architecture: string): ReadTool {
  const start = words.findIndex((word) => word.startsWith("-"));
  if (start < 0) {
    const path = onlyFile("debmirror", words);
    return { imported: importDebmirror({ file: contentOf(path) }, architecture), from: path };
  }
  const args = words.slice(start);
  if (start === 0) return { imported: importDebmirror({ args }, architecture), from: "a command line" };
  const path = onlyFile("debmirror", words.slice(0, start));
  return {
    imported: importDebmirror({ file: contentOf(path), args }, architecture),
    from: `${path} and a command line`,
  };
}

function onlyFile(tool: ImportTool, words: readonly string[]): string {
  const path = words[0] ?? defaultFiles[tool];
  if (words.length > 1)
    throw new ImportError("IMPORT_UNREADABLE", `${words.length} files were named, expected one`, {
      hint: "Import each file by itself.",
    });
  if (path !== undefined) return path;
  throw new ImportError("IMPORT_UNREADABLE", `${tool} has no file of its own to read`, {
    hint: "Name a file with what it prints: aptly mirror list -raw | xargs -n 1 aptly mirror show -json > mirrors.json",
  });
}

const sizeMax = 4 << 20;

function contentOf(path: string): string {
  const name = path === "-" ? "/dev/stdin" : path;
  try {
    return readBounded(name, sizeMax).toString("utf8");
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
