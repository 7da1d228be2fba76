import { hasCode } from "../../../errors.ts";
import { type Inode, readChunks } from "../../../platform/files.ts";
import { RunningDigests } from "../../../platform/running-digests.ts";
import { Turns } from "../../../platform/turns.ts";
import type { DamageProblem } from "../../../report/words/verify/damage-problem.ts";
import { type Digests, digestAlgorithms, type ListedFile, sameDigests } from "../../../repository/index.ts";
import { checkDigests, TrustError } from "../../../trust/index.ts";
import { codesOfReading } from "./findings.ts";

/** Hashes files: each one once, however many names it has in however many trees. */
export class InodeDigests {
  /** By `Inode.version`: during hours of reading, a file may be replaced and its inode number reused. */
  readonly #found = new Map<string, Digests>();
  readonly #turns = new Turns();
  readonly #signal: AbortSignal;
  readonly #onRead: (sizeBytes: number) => void;
  #readBytes = 0;

  constructor(signal: AbortSignal, onRead: (sizeBytes: number) => void) {
    this.#signal = signal;
    this.#onRead = onRead;
  }

  /** How many bytes were read so far. */
  get readBytes(): number {
    return this.#readBytes;
  }

  /** Returns true if `problemOf` would read nothing. */
  knows(inode: Inode, listed: Digests): boolean {
    const found = this.#found.get(inode.version);
    return found !== undefined && covers(found, listed);
  }

  /** Returns how the bytes at `path` differ from what is listed. */
  async problemOf(path: string, inode: Inode, file: ListedFile): Promise<DamageProblem | undefined> {
    const { sizeBytes } = inode;
    if (file.sizeBytes !== undefined && file.sizeBytes !== sizeBytes)
      return { kind: "size-differs", sizeBytes, expectedBytes: file.sizeBytes };
    const found = await this.#find(path, inode, file.digests);
    if (found instanceof Error) return { kind: "unreadable", reason: found.message };
    try {
      checkDigests(found, sizeBytes, { ...file, sizeBytes });
      return undefined;
    } catch (error) {
      if (error instanceof TrustError) return mismatchOf(error);
      throw error;
    }
  }

  /** Returns the digests of the bytes at `path`, in the algorithms of `listed`; undefined if they cannot be read. */
  async find(path: string, inode: Inode, listed: Digests): Promise<Digests | undefined> {
    const found = await this.#find(path, inode, listed);
    return found instanceof Error ? undefined : found;
  }

  async #find(path: string, inode: Inode, listed: Digests): Promise<Digests | Error> {
    return this.#turns.take(inode.version, async () => {
      const known = this.#found.get(inode.version);
      if (known !== undefined && covers(known, listed)) return known;
      try {
        const found = await this.#read(path, inode.sizeBytes, listed);
        // Nearly all files are right. The listed strings are in memory anyway, so that keeping them costs nothing.
        const kept = sameDigests(found, listed) ? listed : found;
        this.#found.set(inode.version, kept);
        return kept;
      } catch (error) {
        if (hasCode(error, ...codesOfReading, "ENOENT")) return error;
        throw error;
      }
    });
  }

  async #read(path: string, sizeBytes: number, listed: Digests): Promise<Digests> {
    const running = new RunningDigests(listed);
    for await (const chunk of readChunks(path, sizeBytes)) {
      this.#signal.throwIfAborted();
      running.update(chunk);
      this.#readBytes += chunk.length;
      this.#onRead(chunk.length);
    }
    return running.finish();
  }
}

function mismatchOf({ code, facts }: TrustError): DamageProblem {
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
