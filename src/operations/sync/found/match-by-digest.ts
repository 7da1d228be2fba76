import type { FoundFile, SoughtContent, SoughtFiles } from "../../../found-files/index.ts";
import { hashFiles } from "../../../platform/hashing/hash-files.ts";
import {
  type DigestAlgorithm,
  type Digests,
  decidingDigests,
  digestAlgorithms,
  type ListedFile,
} from "../../../repository/index.ts";
import type { Ports } from "../../context.ts";
import type { Judge, Match } from "./judge.ts";

type Content = SoughtContent<ListedFile>;

/**
 * Finds files under any name: hashes those of sought sizes, and those whose bytes were others than their name says. Reads no
 * file of a size of which everything is found.
 */
export async function matchByDigest(
  { signal, emit }: Ports<"signal" | "emit">,
  sought: SoughtFiles<ListedFile>,
  judge: Pick<Judge, "has" | "others">,
): Promise<readonly Match[]> {
  const bySize = contentsBySize([...sought.contents].filter(({ files: [first] }) => !judge.has(first)));
  const matches = new Map<Content, Match>();
  const note = (from: FoundFile, contents: readonly Content[], digests: Digests): void => {
    for (const content of contents)
      if (isAsListed(digests, content)) matches.set(content, { from, files: content.files });
  };
  for (const { from, digests } of judge.others) note(from, bySize.get(from.sizeBytes) ?? [], digests);
  const toHash = [...bySize].flatMap(([sizeBytes, contents]) =>
    sought
      .unnamed(sizeBytes)
      .map((from) => ({ ...from, from, contents, algorithms: algorithmsOf(contents) })),
  );
  if (toHash.length === 0) return [...matches.values()];
  const bytes = toHash.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  emit({ type: "reading-planned", files: toHash.length, sizeBytes: bytes });
  const onRead = (sizeBytes: number): void => emit({ type: "reading-progressed", sizeBytes });
  for await (const [{ from, contents }, hashed] of hashFiles(toHash, signal, { onRead })) {
    emit({ type: "file-read" });
    if ("digests" in hashed) note(from, contents, hashed.digests);
  }
  emit({ type: "reading-ended" });
  return [...matches.values()];
}

/** Contents of unknown size are found by their names alone. */
function contentsBySize(contents: readonly Content[]): ReadonlyMap<number, readonly Content[]> {
  const bySize = new Map<number, Content[]>();
  for (const content of contents) {
    const { sizeBytes } = content.files[0];
    if (sizeBytes === undefined) continue;
    const ofSize = bySize.get(sizeBytes);
    if (ofSize === undefined) bySize.set(sizeBytes, [content]);
    else ofSize.push(content);
  }
  return bySize;
}

/** Who takes the file compares every listed digest. */
const decidingOf = ({ files: [{ digests }] }: Content): Digests => decidingDigests(digests);

function algorithmsOf(contents: readonly Content[]): readonly DigestAlgorithm[] {
  const wanted = contents.map(decidingOf);
  return digestAlgorithms.filter((name) => wanted.some((digests) => digests[name] !== undefined));
}

function isAsListed(found: Digests, content: Content): boolean {
  const listed = decidingOf(content);
  return algorithmsOf([content]).every((name) => found[name] === listed[name]);
}
