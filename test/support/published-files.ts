import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestOf } from "./digests.ts";

/** The files that an archive has put up so far, each with the date since when it has its content. */
export class PublishedFiles {
  readonly #dir: string;
  readonly #known = new Map<string, { readonly sha256: string; readonly date: Date }>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * Makes the archive hold these files, written in their order, mended where a test damaged them. What an earlier
   * call put up and this one does not name goes away at the end; by-hash files stay, as in real archives.
   */
  async replace(files: ReadonlyMap<string, Buffer>, date: Date): Promise<void> {
    for (const [path, content] of files) {
      const sha256 = digestOf(content, "SHA256");
      const known = this.#known.get(path);
      const since = known?.sha256 === sha256 ? known.date : date;
      this.#known.set(path, { sha256, date: since });
      await putInPlace(join(this.#dir, path), content, since);
    }
    for (const path of [...this.#known.keys()].filter((known) => !files.has(known) && !isByHash(known))) {
      await rm(join(this.#dir, path), { force: true });
      this.#known.delete(path);
    }
  }
}

const isByHash = (path: string): boolean => path.split("/").includes("by-hash");

/** By rename, so that an answer that a server has begun keeps the bytes that it began with. */
async function putInPlace(path: string, content: Buffer, date: Date): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const next = `${path}.next`;
  await writeFile(next, content);
  await utimes(next, date, date);
  await rename(next, path);
}
