import { basename } from "node:path";
import { paced } from "../platform/flow/paced.ts";
import { type Dirent, inodeIfAny, listDirectory, realPathIfAny, statLinkIfAny } from "../platform/look.ts";

export interface FoundFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** The number of its file system. */
  readonly device: number;
}

export interface WalkOptions {
  /** Directories to leave out, with all below them. */
  readonly without: readonly string[];
  /** Called once for each directory that cannot be read, or not wholly, with the code of the operating system. */
  readonly onUnreadable: (directory: string, code: string) => void;
}

/**
 * A walk through directories and all below them. Follows no symbolic link, so it ends and stays inside; what a link inside
 * leads to is met by its own name. A directory with several names is met once.
 */
export class DirectoryWalk {
  #waiting: string[];
  readonly #met = new Set<string>();
  readonly #unreadable = new Set<string>();
  readonly #options: WalkOptions;

  constructor(directories: readonly string[], options: WalkOptions) {
    this.#options = options;
    for (const directory of options.without) this.#isNew(this.#realPathOf(directory));
    this.#waiting = directories.map((directory) => this.#realPathOf(directory)).toReversed();
  }

  /**
   * Yields the files of what was not visited yet, in groups. Leaves directories with a name of `later` for the next call.
   */
  async *files(
    signal: AbortSignal,
    later: ReadonlySet<string> = new Set(),
  ): AsyncGenerator<readonly FoundFile[], void, undefined> {
    const left: string[] = [];
    for await (const group of paced(this.#visit(left, later), signal, groupsPerTurn)) yield group;
    this.#waiting = left.toReversed();
  }

  *#visit(left: string[], later: ReadonlySet<string>): Generator<readonly FoundFile[], void, undefined> {
    for (let directory = this.#waiting.pop(); directory !== undefined; directory = this.#waiting.pop()) {
      if (later.has(basename(directory))) left.push(directory);
      else if (this.#isNew(directory)) yield* this.#filesIn(directory);
    }
  }

  *#filesIn(directory: string): Generator<readonly FoundFile[], void, undefined> {
    let group: FoundFile[] = [];
    const below: string[] = [];
    for (const entry of this.#list(directory)) {
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory()) below.push(path);
      // A directory that may be listed and not entered, such as one of mode 0744, names files that nobody can look at.
      const stats = entry.isFile() ? this.#reading(directory, () => statLinkIfAny(path)) : undefined;
      if (stats?.isFile() === true) group.push({ path, sizeBytes: stats.size, device: stats.dev });
      if (group.length < groupMax) continue;
      yield group;
      group = [];
    }
    this.#waiting.push(...below.toReversed());
    yield group;
  }

  #list(directory: string): readonly Dirent[] {
    return this.#reading(directory, () => listDirectory(directory)) ?? [];
  }

  /** Returns false for a directory that was met, and for what is none any longer: it may have become a link since. */
  #isNew(directory: string): boolean {
    const inode = this.#reading(directory, () =>
      statLinkIfAny(directory)?.isDirectory() === true ? inodeIfAny(directory)?.id : undefined,
    );
    // Node has names as text: one of other bytes leads nowhere.
    if (inode === undefined && directory.includes("\uFFFD")) this.#noteUnreadable(directory, "EILSEQ");
    if (inode === undefined || this.#met.has(inode)) return false;
    this.#met.add(inode);
    return true;
  }

  #realPathOf(directory: string): string {
    return this.#reading(directory, () => realPathIfAny(directory)) ?? directory;
  }

  /** Returns undefined for what cannot be read of a directory, after it has said so. */
  #reading<Result>(directory: string, read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      this.#noteUnreadable(directory, String(error.code));
      return undefined;
    }
  }

  #noteUnreadable(directory: string, code: string): void {
    if (this.#unreadable.has(directory)) return;
    this.#unreadable.add(directory);
    this.#options.onUnreadable(directory, code);
  }
}

/** Files that are looked at between two turns of the event loop, when each group is full. */
const groupMax = 100;
const groupsPerTurn = 1;
