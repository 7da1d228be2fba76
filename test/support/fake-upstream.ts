import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FakeSuite } from "./fake-suite.ts";
import { PublishedFiles } from "./published-files.ts";
import type { SigningKey } from "./signing-key.ts";
import { type Files, suiteFiles } from "./suite-files.ts";
import type { SuiteOptions } from "./suite-options.ts";

export interface FakeUpstreamOptions {
  /** The directory of the files; made if missing. The caller serves it. */
  readonly dir: string;
  /** Each of these signs each Release. */
  readonly signedBy: SigningKey | readonly SigningKey[];
}

/** Describes an APT repository in a few lines. `publish` writes it as real files with real signatures. */
export async function fakeUpstream(options: FakeUpstreamOptions): Promise<FakeUpstream> {
  await mkdir(options.dir, { recursive: true });
  return new FakeUpstream(options);
}

const hourMs = 3_600_000;

export class FakeUpstream {
  readonly dir: string;
  readonly #signedBy: readonly SigningKey[];
  readonly #suites = new Map<string, FakeSuite>();
  readonly #published: PublishedFiles;
  /** In the past, because apt refuses a Release from the future; far enough for 72 times `publish`. */
  #nextDate = new Date(Math.floor(Date.now() / hourMs) * hourMs - 72 * hourMs);

  constructor({ dir, signedBy }: FakeUpstreamOptions) {
    this.dir = dir;
    this.#signedBy = [signedBy].flat();
    this.#published = new PublishedFiles(dir);
  }

  /** Returns the suite of this name, and makes it at the first call. One that ends in "/" is flat. */
  suite(name: string, options?: SuiteOptions): FakeSuite {
    const known = this.#suites.get(name);
    if (known !== undefined && options === undefined) return known;
    if (known !== undefined) throw new Error(`the suite ${name} exists: its options cannot change`);
    const suite = new FakeSuite(name, options);
    this.#suites.set(name, suite);
    return suite;
  }

  /**
   * Writes packages, indices, by-hash and Release of all suites. By-hash files of earlier calls stay; other files that
   * no suite lists any more are removed. Returns the Release's Date: an hour after the last one unless given.
   */
  async publish(options: { readonly date?: Date } = {}): Promise<Date> {
    const date = options.date ?? this.#nextDate;
    this.#nextDate = new Date(Math.max(this.#nextDate.getTime(), date.getTime() + hourMs));
    const files: Files = new Map();
    for (const suite of this.#suites.values()) {
      for (const [path, content] of await suiteFiles(suite, this.#signedBy, date)) {
        if (files.get(path)?.equals(content) === false) throw new Error(`two files claim ${path}`);
        files.set(path, content);
      }
    }
    this.#published.replace(files, date);
    return date;
  }

  /** Returns the absolute path of a file of the repository. */
  path(relativePath: string): string {
    return join(this.dir, relativePath);
  }

  /** Truncates a file in the middle. */
  truncate(relativePath: string): void {
    const bytes = readFileSync(this.path(relativePath));
    this.rewrite(relativePath, bytes.subarray(0, Math.floor(bytes.length / 2)));
  }

  /** Changes one byte in the middle of a file; its size stays. */
  corrupt(relativePath: string): void {
    const bytes = readFileSync(this.path(relativePath));
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 0xff, middle);
    this.rewrite(relativePath, bytes);
  }

  remove(relativePath: string): void {
    rmSync(this.path(relativePath));
  }

  /** Writes other content to a path, which need not exist. The next `publish` repairs it. */
  rewrite(relativePath: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(relativePath)), { recursive: true });
    writeFileSync(this.path(relativePath), content);
  }
}
