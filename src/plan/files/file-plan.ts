import {
  type Digests,
  decidingDigests,
  type ListedFile,
  mergeDigests,
  RepositoryError,
  type RepositoryPath,
  sameDigests,
} from "../../repository/index.ts";
import { countDirectoriesOf } from "../space.ts";
import { assertNoMetadata, type SuiteMetadata } from "./metadata-paths.ts";
import type { PlannedFile, TreePlan } from "./planned-files.ts";
import type { SoughtTexts } from "./sought-texts.ts";

/** The digests of a file in one index. */
export interface Listing {
  readonly source: string;
  readonly digests: Digests;
}

/** Collects the files of all indices of a mirror. */
export class FilePlan implements TreePlan {
  readonly #suites: readonly SuiteMetadata[];
  readonly #files = new Map<RepositoryPath, PlannedFile>();
  /** By path, the listings that differ from the first. */
  readonly #otherListings = new Map<RepositoryPath, Listing[]>();
  #sizeBytes = 0;

  /** `suites` are those whose metadata is in the tree too. */
  constructor(suites: readonly SuiteMetadata[]) {
    this.#suites = suites;
  }

  /**
   * Adds a file that an index, `source`, lists. A file that is there already gets the deciding digests that it lacked.
   * Throws PATH_CONFLICT if size or deciding digests differ, since one path cannot have two contents, and at the path of
   * metadata. Throws PATH_UNSAFE for a file that configures a web server. Returns whether the path is new.
   */
  add(file: ListedFile, source: string): boolean {
    const held = this.#files.get(file.path);
    if (held === undefined) {
      assertNoMetadata(file, source, this.#suites);
      if (serverFile.test(file.path)) throw configuresServer(file, source);
      const { path, sizeBytes, digests: listed } = file;
      this.#files.set(path, { path, sizeBytes, digests: decidingDigests(listed), source, listed });
      this.#sizeBytes += sizeBytes ?? 0;
      return true;
    }
    const digests = mergeDigests(held.digests, decidingDigests(file.digests));
    if (digests === undefined || held.sizeBytes !== file.sizeBytes) throw conflict(held, file, source);
    if (digests !== held.digests) this.#files.set(file.path, { ...held, digests });
    if (!sameDigests(held.listed, file.digests)) this.#addListing(file, source);
    return false;
  }

  /** Returns the listings of a planned file, the first one first. */
  listingsOf({ path, source, listed }: PlannedFile): readonly Listing[] {
    return [{ source, digests: listed }, ...(this.#otherListings.get(path) ?? [])];
  }

  #addListing({ path, digests }: ListedFile, source: string): void {
    const others = this.#otherListings.get(path);
    if (others === undefined) this.#otherListings.set(path, [{ source, digests }]);
    else if (!others.some((other) => sameDigests(other.digests, digests))) others.push({ source, digests });
  }

  get count(): number {
    return this.#files.size;
  }

  has(path: string): boolean {
    return this.#files.has(path as RepositoryPath);
  }

  get(path: RepositoryPath): PlannedFile | undefined {
    return this.#files.get(path);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  files(): Iterable<PlannedFile> {
    return this.#files.values();
  }

  paths(): Iterable<RepositoryPath> {
    return this.#files.keys();
  }

  countDirectories(): number {
    return countDirectoriesOf(this.paths());
  }

  *digests(sought: SoughtTexts): Generator<string, void, undefined> {
    for (const { digests } of this.#files.values())
      if (digests.sha256 !== undefined && sought.has(digests.sha256)) yield digests.sha256;
  }
}

/** .htaccess and similar files of Apache, and .user.ini of PHP. */
const serverFile = /(?:^|\/)\.(?:ht[a-z]+|user\.ini)$/i;

function configuresServer({ path }: ListedFile, source: string): RepositoryError {
  return new RepositoryError("PATH_UNSAFE", `${path}: ${source} lists a file that configures a web server`, {
    facts: { path, source },
    hint: "An upstream must not configure the server of the mirror. Tell the owner of the upstream.",
  });
}

function conflict(held: PlannedFile, file: ListedFile, source: string): RepositoryError {
  const difference =
    held.sizeBytes === file.sizeBytes
      ? "with different digests"
      : `with ${describeSize(held)} and with ${describeSize(file)}`;
  return new RepositoryError(
    "PATH_CONFLICT",
    `${file.path}: ${held.source} and ${source} list it ${difference}`,
    {
      facts: { path: file.path, sources: [held.source, source] },
      hint: "Both cannot be true of one path. If the upstream is changing at the moment, the next sync may succeed.",
    },
  );
}

const describeSize = ({ sizeBytes }: ListedFile): string =>
  sizeBytes === undefined ? "no size" : `${sizeBytes} bytes`;
