import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * Returns the files below a directory: relative path -> SHA-256 in hex, sorted by path, so that `toEqual` compares two
 * trees. `dir` itself may be a symbolic link; a link inside is not followed and counts as `-> target`.
 */
export async function readTree(dir: string): Promise<Map<string, string>> {
  const tree = new Map<string, string>();
  for (const entry of entriesBelow(dir)) {
    const path = join(dir, entry.path);
    tree.set(entry.path, entry.isLink ? `-> ${readlinkSync(path)}` : sha256(readFileSync(path)));
  }
  return tree;
}

/** Returns the sorted relative paths of everything below a directory except directories. */
export async function listFiles(dir: string): Promise<string[]> {
  return entriesBelow(dir).map((entry) => entry.path);
}

/** Throws if files below a directory look like unfinished work, and names them. */
export async function assertNoTemporaryFiles(dir: string): Promise<void> {
  const left = (await listFiles(dir)).filter((path) =>
    path.split("/").some((segment) => temporaryName.test(segment)),
  );
  if (left.length > 0) throw new Error(`temporary files were left below ${dir}: ${left.join(", ")}`);
}

/** `x.tmp`, `.tmp-x`, `x.tmp.123`, `tmp/x`, `x.part`, `x.next`, `x.new`, `x~` */
const temporaryName = /(?:^|\.)(?:tmp|temp|part|next|new)(?:[.-]|$)|~$/;

interface Entry {
  readonly path: string;
  readonly isLink: boolean;
}

function entriesBelow(dir: string): Entry[] {
  // The trailing separator makes readdir enter a `dir` that is itself a symbolic link.
  const entries = readdirSync(dir + sep, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({
      path: relative(dir, join(entry.parentPath, entry.name)).split(sep).join("/"),
      isLink: entry.isSymbolicLink(),
    }))
    .toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * Returns a directory and everything below it: path -> what changes if something is written, linked, renamed or given
 * to another owner. Returns undefined if the directory does not exist.
 */
export function readIdentities(dir: string): ReadonlyMap<string, string> | undefined {
  if (lstatSync(dir, { throwIfNoEntry: false }) === undefined) return undefined;
  const paths = ["", ...readdirSync(dir, { recursive: true, encoding: "utf8" })].toSorted();
  return new Map(paths.map((path) => [path, identityOf(join(dir, path))]));
}

function identityOf(path: string): string {
  const { ino, size, mtimeNs, ctimeNs, mode, uid, gid, nlink } = lstatSync(path, { bigint: true });
  return `inode ${ino}, ${size} bytes, ${nlink} names, mode ${mode.toString(8)}, owner ${uid}:${gid}, written ${mtimeNs}, changed ${ctimeNs}`;
}
