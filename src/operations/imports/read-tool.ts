import { dirname } from "node:path";
import { readToml } from "../../config/index.ts";
import {
  ImportError,
  type Imported,
  importAptly,
  importAptMirror,
  importAptMirror2,
  importDebmirror,
  importMirrorctlGo,
  importReprepro,
} from "../../imports/index.ts";
import { statIfAny } from "../../platform/look.ts";
import { repreproFiles } from "./reprepro-files.ts";
import { contentOf, fileAt, filesIn } from "./tool-files.ts";

/** The tools whose configurations can be read, each with the file that it reads by default, or what to name. */
const defaultFiles = {
  "apt-mirror": { path: "/etc/apt/mirror.list", hint: "" },
  "apt-mirror2": { path: "/etc/apt/mirror2.list", hint: "" },
  aptly: {
    path: undefined,
    hint: "Name a file with what it prints: aptly mirror list -raw | xargs -n 1 aptly mirror show -json > mirrors.json",
  },
  debmirror: { path: "/etc/debmirror.conf", hint: "" },
  "mirrorctl-go": {
    path: undefined,
    hint: "Name its file. It has the name of that of this mirrorctl: /etc/mirrorctl/mirror.toml",
  },
  reprepro: { path: undefined, hint: "Name its base directory, which has conf/updates." },
} as const;

export type ImportTool = keyof typeof defaultFiles;

/** What was read, and from where, for people. */
export interface ReadTool {
  readonly imported: Imported;
  readonly from: string;
}

/** Reads the configuration of another tool. Throws ImportError. */
export async function readTool(
  tool: ImportTool,
  words: readonly string[],
  architecture: string,
): Promise<ReadTool> {
  switch (tool) {
    case "apt-mirror": {
      const path = onlyFile(tool, words);
      return { imported: importAptMirror(contentOf(path), architecture), from: path };
    }
    case "apt-mirror2": {
      const path = aptMirror2File(words);
      const files = {
        lists: [fileAt(path), ...filesIn(`${path}.d`, ".list")],
        sources: filesIn(`${path}.d`, ".sources"),
      };
      return { imported: importAptMirror2(files, architecture), from: path };
    }
    case "aptly": {
      const files = words.length === 0 ? [onlyFile(tool, words)] : words;
      return {
        imported: importAptly(files.map(fileAt)),
        from: files.map((path) => (path === "-" ? "standard input" : path)).join(", "),
      };
    }
    case "debmirror":
      return readDebmirror(words, architecture);
    case "mirrorctl-go": {
      const path = onlyFile(tool, words);
      const file = await readToml({ path, text: contentOf(path) });
      return { imported: importMirrorctlGo({ ...file, folder: dirname(path) }), from: path };
    }
    case "reprepro": {
      const path = onlyFile(tool, words);
      return { imported: importReprepro(repreproFiles(path)), from: path };
    }
  }
}

/** Debian's package has a name of its own; otherwise the file is that of apt-mirror. */
function aptMirror2File(words: readonly string[]): string {
  const path = onlyFile("apt-mirror2", words);
  return words.length === 0 && statIfAny(path) === undefined ? defaultFiles["apt-mirror"].path : path;
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
  const { path: usual, hint } = defaultFiles[tool];
  const path = words[0] ?? usual;
  if (words.length > 1)
    throw new ImportError("IMPORT_UNREADABLE", `${words.length} files were named, expected one`, {
      hint: "Import each file by itself.",
    });
  if (path === undefined)
    throw new ImportError("IMPORT_UNREADABLE", `${tool} has no file of its own to read`, { hint });
  return path;
}
