import { joinPath, normalizePath, type RepositoryDirectory, type RepositoryPath } from "./paths.ts";

/** The files that carry the signature of a suite, beside its indices. */
export const signatureFileNames = ["InRelease", "Release", "Release.gpg"] as const;
export type SignatureFileName = (typeof signatureFileNames)[number];

/** As much as apt reads of a Release (Acquire::MaxReleaseFileSize), and far more than a signature has. */
export const signatureBytesMax = {
  InRelease: 10_000_000,
  Release: 10_000_000,
  "Release.gpg": 1_000_000,
} as const satisfies Record<SignatureFileName, number>;

/** What a Release calls its suite. */
interface ReleaseNames {
  readonly suite: string | undefined;
  readonly codename: string | undefined;
}

/**
 * A suite, by its name in sources.list(5). One whose name ends in "/" is flat: a directory of its own, without dists/,
 * sections and architectures.
 */
export class Suite {
  /** As configured: "noble", "stable/updates", "./". */
  readonly name: string;
  readonly isFlat: boolean;
  /** The directory of its Release, below the base URL and in a tree: "dists/noble"; "" for the base itself. */
  readonly root: RepositoryDirectory;

  /** Throws PATH_UNSAFE if the name leads out of the base directory. */
  constructor(name: string) {
    this.name = name;
    this.isFlat = name.endsWith("/");
    this.root = rootOf(name, this.isFlat);
  }

  /** Returns the path of a file that the Release lists, or of a signature file, below the base URL and in a tree. */
  path(name: RepositoryPath | SignatureFileName): RepositoryPath {
    return joinPath(this.root, isSignatureFileName(name) ? normalizePath(name) : name);
  }

  /**
   * Returns the names of a Release if none of them is the name of this suite. Compares them as apt does ("Conflicting
   * distribution"): with the whole name, or with its part before the last slash, as in "stable/updates". A flat suite
   * is requested by its directory, so that any name fits.
   */
  foreignNames({ suite, codename }: ReleaseNames): readonly string[] {
    const names = [suite, codename].filter((name) => name !== undefined);
    const expected = [this.name, this.name.slice(0, Math.max(0, this.name.lastIndexOf("/")))];
    return this.isFlat || names.some((name) => expected.includes(name)) ? [] : names;
  }
}

const isSignatureFileName = (name: string): name is SignatureFileName =>
  signatureFileNames.some((one) => one === name);

function rootOf(name: string, isFlat: boolean): RepositoryDirectory {
  if (!isFlat) return joinPath(normalizePath("dists"), normalizePath(name));
  return /^[./]*$/.test(name) && !name.includes("..") ? "" : normalizePath(name);
}
