import { hasCode } from "../../../errors.ts";
import { Turns } from "../../../platform/flow/turns.ts";
import { type Hashed, type HashingOptions, hashInBatches } from "../../../platform/hashing/hash-files.ts";
import type { Inode } from "../../../platform/look.ts";
import type { DamageProblem } from "../../../report/words/verify/damage-problem.ts";
import {
  type DigestAlgorithm,
  type Digests,
  digestAlgorithms,
  type ListedFile,
  sameDigests,
} from "../../../repository/index.ts";
import { mismatchOf, type TrustError } from "../../../trust/index.ts";
import { codesOfReading } from "./findings.ts";

/** A name of a file, and the digests that it is compared with. */
export interface UnreadFile {
  readonly path: string;
  readonly inode: Inode;
  readonly listed: Digests;
}

/** Hashes files: each one once, however many names it has in however many trees. */
export class InodeDigests {
  /** By `Inode.version`: during hours of reading, a file may be replaced and its inode number reused. */
  readonly #found = new Map<string, Digests>();
  readonly #turns = new Turns();
  readonly #signal: AbortSignal;
  readonly #hashing: HashingOptions;
  #readBytes = 0;

  constructor(
    signal: AbortSignal,
    onRead: (sizeBytes: number) => void,
    hashing: Pick<HashingOptions, "threads"> = {},
  ) {
    this.#signal = signal;
    this.#hashing = {
      ...hashing,
      onRead: (sizeBytes) => {
        this.#readBytes += sizeBytes;
        onRead(sizeBytes);
      },
    };
  }

  /** How many bytes were read so far. */
  get readBytes(): number {
    return this.#readBytes;
  }

  /** Returns true if `problemOf` would read nothing. */
  knows(inode: Inode, listed: Digests): boolean {
    return this.#known(inode, listed) !== undefined;
  }

  /**
   * Reads many files, on all processors. Yields those that are known by now, in the order of `files`, each with its digests
   * or with why it cannot be read.
   */
  async *readAll<Asked extends UnreadFile>(
    files: readonly Asked[],
  ): AsyncGenerator<readonly (readonly [Asked, Digests | Error])[], void, undefined> {
    const asked = files.map((file) => ({
      file,
      path: file.path,
      sizeBytes: file.inode.sizeBytes,
      algorithms: algorithmsFor(file.listed),
    }));
    for await (const batch of hashInBatches(asked, this.#signal, this.#hashing))
      yield batch.map(([{ file }, hashed]) => [file, this.#keep(file, hashed)] as const);
  }

  /** Returns how the bytes at `path` differ from what is listed. */
  async problemOf(path: string, inode: Inode, file: ListedFile): Promise<DamageProblem | undefined> {
    const sizeProblem = problemOfSize(inode, file);
    if (sizeProblem !== undefined) return sizeProblem;
    const found = await this.#find(path, inode, file.digests);
    return found instanceof Error ? unreadable(found) : problemOfDigests(found, inode, file);
  }

  /** Returns true if the bytes have been read, and are what is listed. */
  isKnownToBe(inode: Inode, file: ListedFile): boolean {
    const found = this.#known(inode, file.digests);
    if (found === undefined || problemOfSize(inode, file) !== undefined) return false;
    return problemOfDigests(found, inode, file) === undefined;
  }

  /** Returns the digests of the bytes at `path`, in the algorithms of `listed`; undefined if they cannot be read. */
  async find(path: string, inode: Inode, listed: Digests): Promise<Digests | undefined> {
    const found = await this.#find(path, inode, listed);
    return found instanceof Error ? undefined : found;
  }

  #known(inode: Inode, listed: Digests): Digests | undefined {
    const found = this.#found.get(inode.version);
    return found !== undefined && covers(found, listed) ? found : undefined;
  }

  async #find(path: string, inode: Inode, listed: Digests): Promise<Digests | Error> {
    return (
      this.#known(inode, listed) ??
      this.#turns.take(inode.version, this.#signal, async () => {
        const known = this.#known(inode, listed);
        if (known !== undefined) return known;
        for await (const batch of this.readAll([{ path, inode, listed }]))
          for (const [, found] of batch) return found;
        throw new Error(`${path} was not read`);
      })
    );
  }

  #keep({ inode, listed }: UnreadFile, hashed: Hashed): Digests | Error {
    if ("failure" in hashed) {
      const { code, message } = hashed.failure;
      const error = Object.assign(new Error(message), { code });
      if (hasCode(error, ...codesOfReading, "ENOENT")) return error;
      throw error;
    }
    // Nearly all files are right. The listed strings are in memory anyway, so that keeping them costs nothing.
    const kept = sameDigests(hashed.digests, listed) ? listed : hashed.digests;
    this.#found.set(inode.version, kept);
    return kept;
  }
}

export const unreadable = ({ message }: Error): DamageProblem => ({ kind: "unreadable", reason: message });

/** SHA-256 names the object that a file with other bytes than expected may be. */
const algorithmsFor = (listed: Digests): readonly DigestAlgorithm[] =>
  digestAlgorithms.filter((algorithm) => algorithm === "sha256" || listed[algorithm] !== undefined);

function problemOfSize(
  { sizeBytes }: Inode,
  { sizeBytes: expectedBytes }: ListedFile,
): DamageProblem | undefined {
  if (expectedBytes === undefined || expectedBytes === sizeBytes) return undefined;
  return { kind: "size-differs", sizeBytes, expectedBytes };
}

function problemOfDigests(
  digests: Digests,
  { sizeBytes }: Inode,
  { path, digests: listed }: ListedFile,
): DamageProblem | undefined {
  const mismatch = mismatchOf({ digests, sizeBytes }, { path, sizeBytes, digests: listed });
  return mismatch && problemOfMismatch(mismatch);
}

function problemOfMismatch({ code, facts }: TrustError): DamageProblem {
  if (code === "DIGEST_MISSING") return { kind: "no-digest" };
  const { algorithm, found, wanted } = facts;
  return {
    kind: "digest-differs",
    algorithm: String(algorithm),
    found: String(found),
    expected: String(wanted),
  };
}

const covers = (found: Digests, listed: Digests): boolean =>
  digestAlgorithms.every((algorithm) => listed[algorithm] === undefined || found[algorithm] !== undefined);
