import { existsSync, mkdirSync, readdirSync, renameSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { Tool } from "../contestants/tool.ts";
import type { Contestant } from "../measure/row.ts";
import { type Command, runMeasured } from "../measure/run-measured.ts";
import type { Site } from "./site.ts";

/** One tool's copy of an upstream, in a directory of its own. */
export class Mirror<T extends Tool = Tool> {
  readonly tool: T;
  readonly dir: string;
  readonly #site: Site;
  /** The revision of the upstream that it holds; undefined if it is empty. */
  #revision: number | undefined;

  constructor(site: Site, dir: string, tool: T) {
    this.#site = site;
    this.dir = dir;
    this.tool = tool;
  }

  get name(): string {
    return this.tool.name;
  }

  /** Measures a sync into an empty directory. */
  firstSync(options: { readonly once?: boolean } = {}): Contestant {
    return {
      ...options,
      name: this.name,
      prepare: () => this.reset(),
      command: () => this.#syncing(this.tool.firstSync),
    };
  }

  /** Measures a sync of what changed since the last one; nothing, unless the row changes the upstream. */
  update(command: () => Command = () => this.tool.update): Contestant {
    return { name: this.name, command: () => this.#syncing(command()) };
  }

  /** Syncs, unmeasured, unless it has the newest revision. */
  async bringUpToDate(): Promise<void> {
    if (this.#revision === this.#site.revision) return;
    if (this.#revision === undefined) this.reset();
    await this.do(this.#syncing(this.#revision === undefined ? this.tool.firstSync : this.tool.update));
  }

  /** Runs a command unmeasured. */
  async do(command: Command): Promise<void> {
    await runMeasured(command, this.#site.runOptions);
  }

  /** Empties the directory and writes the configuration. */
  reset(): void {
    this.remove();
    mkdirSync(this.dir, { recursive: true });
    this.tool.setUp();
  }

  /**
   * Gives the space back, and leaves the empty files until the end of the run: for minutes, ext4 looks at each inode that was
   * freed before it makes a new one, which took a first sync up to 2.7 times as long.
   */
  remove(): void {
    this.#revision = undefined;
    if (!existsSync(this.dir)) return;
    const discarded = this.#site.nextDiscarded();
    renameSync(this.dir, discarded);
    for (const entry of readdirSync(discarded, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) truncateSync(join(entry.parentPath, entry.name));
  }

  join(...segments: readonly string[]): string {
    return join(this.dir, ...segments);
  }

  #syncing(command: Command): Command {
    this.#revision = this.#site.revision;
    return command;
  }
}
