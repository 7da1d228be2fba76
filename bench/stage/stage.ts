import { statfsSync } from "node:fs";
import { type TemporaryDirectory, temporaryDirectory } from "../../test/support/index.ts";
import type { RunOptions } from "../measure/run-measured.ts";
import type { Settings } from "../settings.ts";
import type { Shape } from "../upstream/upstream.ts";
import { Site } from "./site.ts";

/** The sites of a run, each made when the first row needs it. */
export class Stage implements AsyncDisposable {
  readonly settings: Settings;
  readonly runOptions: RunOptions;
  readonly #directory: TemporaryDirectory;
  readonly #sites = new Map<string, Site>();

  private constructor(settings: Settings, directory: TemporaryDirectory, signal: AbortSignal) {
    this.settings = settings;
    this.#directory = directory;
    this.runOptions = { logFile: directory.join("tools.log"), signal };
  }

  /** Throws unless there is room for the main upstream and all its mirrors. */
  static async open(settings: Settings, signal: AbortSignal): Promise<Stage> {
    const { packages, bytes, parent, against } = settings;
    const copies = 1 + copiesMax + (against === undefined ? 0 : copiesOfMirrorctl);
    const needed = copies * (bytes + packages * blockBytes) + spareBytes;
    const { bavail, bsize } = statfsSync(parent);
    if (bavail * bsize < needed) {
      const [has, needs] = [bavail * bsize, needed].map((each) => `${(each / 1e9).toFixed(0)} GB`);
      throw new Error(
        `${parent} has ${has} free, and the benchmarks need ${needs}: set BENCH_DIR, or ROWS or PACKAGES`,
      );
    }
    return new Stage(settings, await temporaryDirectory("mirrorctl-bench-", parent), signal);
  }

  /** The upstream of the configured size. */
  get main(): Promise<Site> {
    const { packages, bytes } = this.settings;
    return this.site("main", { packages, bytes });
  }

  /** A site of that name, which later rows find as it was left. */
  async site(name: string, shape: Shape): Promise<Site> {
    const known = this.#sites.get(name);
    if (known !== undefined) return known;
    const site = await Site.open(this.#directory.join(name), shape, this.runOptions);
    this.#sites.set(name, site);
    return site;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const site of this.#sites.values()) await site[Symbol.asyncDispose]();
    await this.#directory[Symbol.asyncDispose]();
  }
}

/** How many mirrors of the main upstream are on disk at a time, and how many of them are mirrorctl's. */
const copiesMax = 12;
const copiesOfMirrorctl = 8;
const blockBytes = 4_096;
const spareBytes = 1e9;
