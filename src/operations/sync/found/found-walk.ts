import { DirectoryWalk, type FoundFile } from "../../../found-files/index.ts";
import type { Ports } from "../../context.ts";

/** A walk through directories of this disk, without mirrorctl's own. Warns of those that cannot be read. */
export class FoundWalk {
  readonly #ports: Ports<"signal" | "emit">;
  readonly #walk: DirectoryWalk;
  /** The code of the operating system for each. */
  readonly #unreadable = new Map<string, string>();

  constructor(ports: Ports<"layout" | "mirror" | "signal" | "emit">, directories: readonly string[]) {
    this.#ports = ports;
    this.#walk = new DirectoryWalk(directories, {
      without: [ports.layout.dir, ports.mirror.snapshot.path],
      onUnreadable: (directory, code) => this.#unreadable.set(directory, code),
    });
  }

  /** Calls `note` for each file of what was not visited yet. Leaves directories with a name of `later` for the next call. */
  async visit(note: (file: FoundFile) => void, later?: ReadonlySet<string>): Promise<void> {
    const { signal, emit } = this.#ports;
    for await (const group of this.#walk.files(signal, later)) group.forEach(note);
    const directories = [...this.#unreadable].map(([path, code]) => ({ path, code }));
    this.#unreadable.clear();
    if (directories.length > 0) emit({ type: "found-directories-unreadable", directories });
  }
}
