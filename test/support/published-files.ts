import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { digestOf } from "./digests.ts";

/** The files that an archive has published so far, each with the date of its content. */
export class PublishedFiles {
  readonly #dir: string;
  readonly #known = new Map<string, { readonly sha256: string; readonly date: Date }>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * Writes these files to the archive in their order, and repairs those that a test damaged. At the end, removes the
   * files of earlier calls that this one does not name, except by-hash files, as real archives do.
   */
  replace(files: ReadonlyMap<string, Buffer>, date: Date): void {
    for (const [path, content] of files) {
      const sha256 = digestOf(content, "SHA256");
      const known = this.#known.get(path);
      const since = known?.sha256 === sha256 ? known.date : date;
      this.#known.set(path, { sha256, date: since });
      putInPlace(join(this.#dir, path), content, since);
    }
    for (const path of [...this.#known.keys()].filter((known) => !files.has(known) && !isByHash(known))) {
      rmSync(join(this.#dir, path), { force: true });
      this.#known.delete(path);
    }
  }
}

const isByHash = (path: string): boolean => path.split("/").includes("by-hash");

/** Replaces by rename, so that an answer in progress keeps its bytes. */
function putInPlace(path: string, content: Buffer, date: Date): void {
  mkdirSync(dirname(path), { recursive: true });
  const next = `${path}.next`;
  writeFileSync(next, content);
  utimesSync(next, date, date);
  renameSync(next, path);
}
