import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { hasCode } from "../errors.ts";
import type { HeldFile } from "../plan/index.ts";
import { writeDurably } from "../platform/durable-file.ts";
import { readBytesIfAny, removeFile, statLinkIfAny } from "../platform/files.ts";
import { parseJsonIfAny } from "../platform/parse-json.ts";
import type { RepositoryPath, Sha256 } from "../repository/index.ts";

/** The files of a generation as its sync put them, so that the next sync need not look at those that stay. */
export interface TreeList {
  /** Signature files, and indices under all their names. */
  readonly metadata: readonly string[];
  /** What the indices list, without what upstream lacks. */
  files(): Iterable<HeldFile>;
}

/** A list that was read. */
export interface ReadTreeList extends TreeList {
  /** When it was written, by the clock of the file system. */
  readonly writtenAtMs: number;
}

const header = v.object({ format: v.literal(1), metadata: v.array(v.string()) });

/** Returns where the list of a tree is: beside it. */
export const treeListOf = (tree: string): string => join(dirname(tree), `.${basename(tree)}.files`);

export const hasTreeList = (tree: string): boolean => statLinkIfAny(treeListOf(tree)) !== undefined;

/** Returns undefined if there is no list that this version can read. */
export function readTreeList(tree: string): ReadTreeList | undefined {
  const path = treeListOf(tree);
  const writtenAtMs = statLinkIfAny(path)?.mtimeMs;
  const text = readBytesIfAny(path)?.toString("utf8");
  if (writtenAtMs === undefined || text === undefined) return undefined;
  const end = text.indexOf("\n");
  const parsed = v.safeParse(header, parseJsonIfAny(text.slice(0, end)));
  if (!parsed.success || !text.endsWith(`\n${last}`)) return undefined;
  return { metadata: parsed.output.metadata, files: () => filesIn(text, end + 1), writtenAtMs };
}

/** No path has a control character. */
function* filesIn(text: string, start: number): Generator<HeldFile> {
  for (let from = start; from < text.length - last.length; ) {
    const end = text.indexOf("\n", from);
    const [sha256 = "", size = "", ...path] = text.slice(from, end).split(" ");
    yield {
      path: path.join(" ") as RepositoryPath,
      sha256: sha256 === unknown ? undefined : (sha256 as Sha256),
      sizeBytes: size === unknown ? undefined : Number(size),
    };
    from = end + 1;
  }
}

const unknown = "-";
/** The last line: a list that was cut is none. */
const last = "end\n";

/** Writes the list of a tree. Without room for it, there is none. */
export function writeTreeList(tree: string, list: TreeList): void {
  const lines = [JSON.stringify({ format: 1, metadata: list.metadata })];
  for (const { path, sha256 = unknown, sizeBytes = unknown } of list.files())
    lines.push(`${sha256} ${sizeBytes} ${path}`);
  try {
    writeDurably(treeListOf(tree), `${lines.join("\n")}\n${last}`, 0o644);
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
    removeTreeList(tree);
  }
}

export const removeTreeList = (tree: string): void => removeFile(treeListOf(tree));
