import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FakeSuite } from "./fake-suite.ts";
import { PublishedFiles } from "./published-files.ts";
import type { SigningKey } from "./signing-key.ts";
import { type Files, suiteFiles } from "./suite-files.ts";
import type { SuiteOptions } from "./suite-options.ts";

export interface FakeUpstreamOptions {
  /** Where the files go; made when it is missing. A server that shows it is the caller's. */
  readonly dir: string;
  /** Each of these signs each Release. */
  readonly signedBy: SigningKey | readonly SigningKey[];
}

/** States an APT repository in a few lines; `publish` writes it, really signed, as real files. */
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
  /** In the past, since apt refuses a Release of the future, and far enough for 72 times `publish`. */
  #nextDate = new Date(Math.floor(Date.now() / hourMs) * hourMs - 72 * hourMs);

  constructor({ dir, signedBy }: FakeUpstreamOptions) {
    this.dir = dir;
    this.#signedBy = [signedBy].flat();
    this.#published = new PublishedFiles(dir);
  }

  /** A suite of this name, made at the first call. One that ends in "/" is flat. */
  suite(name: string, options?: SuiteOptions): FakeSuite {
    const known = this.#suites.get(name);
    if (known !== undefined && options === undefined) return known;
    if (known !== undefined) throw new Error(`the suite ${name} exists: its options cannot change`);
    const suite = new FakeSuite(name, options);
    this.#suites.set(name, suite);
    return suite;
  }

  /**
   * Writes what the suites hold now: packages, indices, by-hash (what earlier calls put there stays), Release.
   * Files of earlier calls that no suite names any longer go away. Returns the Release's Date: an hour after the
   * last one unless given.
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
    await this.#published.replace(files, date);
    return date;
  }

  /** The absolute path of a file of the repository. */
  path(relativePath: string): string {
    return join(this.dir, relativePath);
  }

  /** Cuts a file off in the middle. */
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

  /** Puts other content at a path, which need not exist. The next `publish` mends it. */
  rewrite(relativePath: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(relativePath)), { recursive: true });
    writeFileSync(this.path(relativePath), content);
  }
}
