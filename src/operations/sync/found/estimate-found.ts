import { type FoundFile, SoughtFiles } from "../../../found-files/index.ts";
import { hashFiles } from "../../../platform/hashing/hash-files.ts";
import { nearestExisting, statIfAny } from "../../../platform/look.ts";
import { algorithmsOf } from "../../../platform/running-digests.ts";
import { type ListedFile, parseSha256 } from "../../../repository/index.ts";
import { isListed } from "../../../store/index.ts";
import type { Ports } from "../../context.ts";
import type { FoundDirectories } from "./found-directories.ts";
import { FoundWalk } from "./found-walk.ts";
import type { Judge, Match, OtherBytes } from "./judge.ts";
import { search } from "./search.ts";

export interface FoundEstimate<File extends ListedFile> {
  /** What a sync would use of the directories. */
  readonly reusable: { readonly files: number; readonly sizeBytes: number };
  /** What it would download. */
  readonly missing: readonly File[];
  /** What takes space: what it would copy or download. Whether a copy shares blocks is known once it is made. */
  readonly takingSpace: readonly File[];
}

/** Finds what a sync would use of directories of this disk. Reads and hashes as a sync does, and changes nothing. */
export async function estimateFound<File extends ListedFile>(
  ports: Ports<"layout" | "mirror" | "signal" | "emit">,
  { directories, link }: FoundDirectories,
  missing: readonly File[],
): Promise<FoundEstimate<File>> {
  const sought = new SoughtFiles<ListedFile>(missing);
  await new FoundWalk(ports, directories).visit((file) => sought.note(file));
  const judge = new HashingJudge(ports);
  await search(ports, sought, judge);
  const device = statIfAny(nearestExisting(ports.layout.dir))?.dev;
  return {
    reusable: judge.reusable,
    missing: missing.filter((file) => !judge.has(file)),
    takingSpace: missing.filter((file) => !link || judge.foundAt(file)?.device !== device),
  };
}

/** Hashes files where they are. */
class HashingJudge implements Judge {
  readonly #ports: Ports<"signal" | "emit">;
  readonly #found = new Map<ListedFile, FoundFile>();
  readonly reusable = { files: 0, sizeBytes: 0 };
  readonly others: OtherBytes[] = [];

  constructor(ports: Ports<"signal" | "emit">) {
    this.#ports = ports;
  }

  has(file: ListedFile): boolean {
    return this.#found.has(file);
  }

  foundAt(file: ListedFile): FoundFile | undefined {
    return this.#found.get(file);
  }

  async judge(matches: readonly Match[]): Promise<void> {
    if (matches.length === 0) return;
    const { signal, emit } = this.#ports;
    const toHash = matches.map(({ from, files }) => ({
      ...from,
      from,
      files,
      algorithms: algorithmsOf(files[0].digests),
    }));
    const sizeBytes = toHash.reduce((sum, { sizeBytes: bytes }) => sum + bytes, 0);
    emit({ type: "reading-planned", files: toHash.length, sizeBytes });
    const onRead = (bytes: number): void => emit({ type: "reading-progressed", sizeBytes: bytes });
    for await (const [{ from, files }, hashed] of hashFiles(toHash, signal, { onRead })) {
      emit({ type: "file-read" });
      if (!("digests" in hashed)) continue;
      const digests = { ...hashed.digests, sha256: parseSha256(hashed.digests.sha256 ?? "") };
      if (isListed({ sizeBytes: from.sizeBytes, digests }, files[0])) this.#note(from, files);
      else this.others.push({ from, digests });
    }
    emit({ type: "reading-ended" });
  }

  #note(from: FoundFile, files: Match["files"]): void {
    this.reusable.files++;
    this.reusable.sizeBytes += from.sizeBytes;
    for (const file of files) this.#found.set(file, from);
  }
}
