import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Assignment, Tool } from "../contestants/tool.ts";
import type { RunOptions } from "../measure/run-measured.ts";
import { type Server, serve } from "../upstream/server.ts";
import { type Shape, Upstream } from "../upstream/upstream.ts";
import { Mirror } from "./mirror.ts";

/** An upstream, its server, and the mirrors that tools make of it. */
export class Site implements AsyncDisposable {
  readonly upstream: Upstream;
  readonly server: Server;
  /** For what tools do unmeasured. */
  readonly runOptions: RunOptions;
  readonly dir: string;
  readonly #mirrors = new Map<string, Mirror>();
  #revision = 1;
  #discarded = 0;

  private constructor(dir: string, upstream: Upstream, server: Server, runOptions: RunOptions) {
    this.dir = dir;
    this.runOptions = runOptions;
    this.upstream = upstream;
    this.server = server;
  }

  static async open(dir: string, shape: Shape, runOptions: RunOptions): Promise<Site> {
    mkdirSync(dir);
    const upstream = await Upstream.generate(join(dir, "upstream"), shape);
    return new Site(dir, upstream, await serve(upstream.root, join(dir, "access.log")), runOptions);
  }

  /** Counts the versions of the upstream. */
  get revision(): number {
    return this.#revision;
  }

  /** Changes one package in a hundred. */
  async changeOnePercent(): Promise<void> {
    await this.change(Math.max(1, Math.round(this.upstream.packages.length / 100)));
  }

  async change(packages: number): Promise<void> {
    await this.upstream.change(packages);
    this.#revision++;
  }

  /** Returns a mirror of that name, which later rows find as it was left. */
  mirror<T extends Tool>(name: string, make: (at: Assignment) => T, url = this.server.url): Mirror<T> {
    const dir = join(this.dir, "mirrors", name);
    const { upstream } = this;
    const keyFile = (form: "asc" | "gpg") => upstream.keyFile(form);
    const known = this.#mirrors.get(name) as Mirror<T> | undefined;
    if (known !== undefined) return known;
    const tool = make({ dir, url, keyFile, packages: upstream.packages });
    const mirror = new Mirror(this, dir, tool);
    this.#mirrors.set(name, mirror);
    return mirror;
  }

  /** Returns where a mirror that nobody needs goes. */
  nextDiscarded(): string {
    const folder = join(this.dir, "discarded");
    mkdirSync(folder, { recursive: true });
    return join(folder, String(this.#discarded++));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}
