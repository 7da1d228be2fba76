import type { TarEntry } from "../../deb/index.ts";

/** A file of a .deb that may be its changelog. */
export interface DocFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a .deb has in place of a changelog. */
export type FoundDocs =
  /** In the order of their entries: that of a rebuild comes before that of its source. */
  | { readonly kind: "files"; readonly files: readonly DocFile[] }
  /** The directory or the file is a link to the directory of another package. */
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "none" };

const docPattern = /^usr\/share\/doc\/([^/]+)\/changelog(\.Debian(?:\.[^./]+)?)?(?:\.gz)?$/;

/** Says whether a path is one where changelogs are, Debian policy 12.7. */
export const isChangelogPath = (path: string): boolean => docPattern.test(path);

/**
 * Collects the changelogs of a .deb as its names go by. The directory of the package counts first, then any other: some
 * packages have the directory of their source.
 */
export class DocFiles {
  readonly #own: string;
  readonly #files: DocFile[] = [];
  #target: string | undefined;
  #isPassed = false;

  constructor(packageName: string) {
    this.#own = `usr/share/doc/${packageName}`;
  }

  add({ path, kind, linkName, content }: TarEntry): void {
    const isInOwn = path === this.#own || path.startsWith(`${this.#own}/`);
    this.#isPassed ||= !isInOwn && this.#ownFiles().length > 0;
    if (content !== undefined) this.#files.push({ path, bytes: content });
    const isLink = kind === "link" && (path === this.#own || (isInOwn && isChangelogPath(path)));
    if (isLink) this.#target ??= packageOfLink(linkName, path === this.#own);
  }

  /** True once the directory of the package has been passed: dpkg-deb sorts the names of an archive. */
  get isDone(): boolean {
    return this.#isPassed;
  }

  finish(): FoundDocs {
    const own = this.#ownFiles();
    const files = inOrder(own.length > 0 ? own : this.#files);
    if (files.length > 0) return { kind: "files", files };
    return this.#target === undefined ? { kind: "none" } : { kind: "link", target: this.#target };
  }

  #ownFiles(): readonly DocFile[] {
    return this.#files.filter(({ path }) => path.startsWith(`${this.#own}/`));
  }
}

/** A link is only a hint which package to take; nothing is read through it. */
function packageOfLink(linkName: string, isDirectory: boolean): string {
  const segments = linkName.split("/").filter((segment) => segment !== "");
  return (isDirectory ? segments.at(-1) : segments.at(-2)) ?? "";
}

/** If there is a Debian changelog, the other one is that of upstream. Only native packages have no Debian changelog. */
function inOrder(files: readonly DocFile[]): readonly DocFile[] {
  const ranked = files.map((file) => ({ file, rank: rankOf(file.path) })).toSorted((a, b) => a.rank - b.rank);
  const hasDebian = ranked.some(({ rank }) => rank < ranks.other);
  return ranked.filter(({ rank }) => !hasDebian || rank < ranks.other).map(({ file }) => file);
}

const ranks = { ofRebuild: 0, ofDebian: 1, other: 2 };

function rankOf(path: string): number {
  const [, , debian] = docPattern.exec(path) ?? [];
  if (debian === undefined) return ranks.other;
  return debian === ".Debian" ? ranks.ofDebian : ranks.ofRebuild;
}
