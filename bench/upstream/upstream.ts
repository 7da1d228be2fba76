import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { createSigningKey, type SigningKey } from "../../test/support/index.ts";
import { contentOf, type ListedPackage, listPackages, nextVersion } from "./listed-packages.ts";
import { digest, releaseText, stanzaOf } from "./release-text.ts";

export interface Shape {
  readonly packages: number;
  readonly bytes: number;
  /** Leaves out the packages themselves: enough for what reads only metadata. */
  readonly isListOnly?: boolean;
  /** How many sections share the packages, each with its index. Default: 1. */
  readonly sections?: number;
}

/** The suite that every upstream has, with the section `main` for amd64, and perhaps others. */
export const suite = "stable";

/** The first section is `main`. */
export const sectionsOf = ({ sections = 1 }: Pick<Shape, "sections">): readonly string[] =>
  Array.from({ length: sections }, (_, index) => (index === 0 ? "main" : `part${index + 1}`));

/** A signed repository on disk, `<dir>/www`, of one suite. Beside it is the key, as both tools want it: .asc and .gpg. */
export class Upstream {
  readonly #dir: string;
  readonly #shape: Shape;
  readonly #key: SigningKey;
  readonly #packages: ListedPackage[];
  readonly #stanzas: string[];
  #date = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 48 * 3_600_000);
  #changed = 0;

  private constructor(dir: string, shape: Shape, key: SigningKey) {
    this.#dir = dir;
    this.#shape = shape;
    this.#key = key;
    this.#packages = listPackages(shape.packages, shape.bytes);
    this.#stanzas = this.#packages.map((item) => this.#writePackage(item));
  }

  static async generate(dir: string, shape: Shape): Promise<Upstream> {
    mkdirSync(join(dir, "www"), { recursive: true });
    const key = await createSigningKey();
    writeFileSync(join(dir, "key.asc"), key.publicKeyArmored);
    writeFileSync(join(dir, "key.gpg"), key.publicKeyBinary);
    const upstream = new Upstream(dir, shape, key);
    await upstream.#publish();
    return upstream;
  }

  get root(): string {
    return join(this.#dir, "www");
  }

  /** The public key, armored or in the form that gpgv reads. */
  keyFile(form: "asc" | "gpg"): string {
    return join(this.#dir, `key.${form}`);
  }

  get packages(): readonly ListedPackage[] {
    return this.#packages;
  }

  /** Replaces `count` packages of the first section by new versions, other ones than the call before, and signs again. */
  async change(count: number): Promise<void> {
    const all = this.#packagesPerSection;
    const step = Math.max(1, Math.floor(all / count));
    for (let nth = 0; nth < Math.min(count, all); nth++) {
      const index = (nth * step + this.#changed) % all;
      const old = this.#packages[index];
      if (old === undefined) throw new Error(`there is no package ${index}`);
      const item = nextVersion(old);
      this.#packages[index] = item;
      this.#stanzas[index] = this.#writePackage(item);
      rmSync(join(this.root, old.path), { force: true });
    }
    this.#changed++;
    await this.#publish();
  }

  get #packagesPerSection(): number {
    return Math.ceil(this.#packages.length / sectionsOf(this.#shape).length);
  }

  #writePackage(item: ListedPackage): string {
    const content = contentOf(item);
    if (this.#shape.isListOnly !== true) this.#write(item.path, content);
    return stanzaOf(item, content);
  }

  async #publish(): Promise<void> {
    const indices = new Map<string, Buffer>();
    for (const [nth, section] of sectionsOf(this.#shape).entries()) {
      const start = nth * this.#packagesPerSection;
      const text = this.#stanzas.slice(start, start + this.#packagesPerSection).join("\n");
      const directory = `${section}/binary-amd64`;
      const xz = execFileSync("xz", ["-2", "--stdout"], { input: text, maxBuffer: 1 << 30 });
      indices.set(`${directory}/Packages`, Buffer.from(text)); // as Debian: listed, not served
      for (const [suffix, bytes] of [
        ["gz", gzipSync(text, { level: 2 })],
        ["xz", xz],
      ] as const) {
        indices.set(`${directory}/Packages.${suffix}`, bytes);
        this.#write(`dists/${suite}/${directory}/Packages.${suffix}`, bytes);
        this.#write(`dists/${suite}/${directory}/by-hash/SHA256/${digest("sha256", bytes)}`, bytes);
      }
    }
    const release = releaseText(suite, this.#date, indices);
    this.#write(`dists/${suite}/Release`, release);
    this.#write(`dists/${suite}/Release.gpg`, await this.#key.detachSign(release, { date: this.#date }));
    this.#write(`dists/${suite}/InRelease`, await this.#key.clearsign(release, { date: this.#date }));
    this.#date = new Date(this.#date.getTime() + 60_000);
  }

  /** Writes a file as old as the Release, since a change within one second could go unnoticed. */
  #write(path: string, content: string | Uint8Array): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    utimesSync(file, this.#date, this.#date);
  }
}
