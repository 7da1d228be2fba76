import { type Changelog, parseChangelog } from "../../changelogs/index.ts";
import {
  type ArMember,
  checkArMagic,
  DebError,
  dataCompressionOf,
  firstHeaderAt,
  headerBytes,
  readArHeader,
  TarReader,
  unreadHint,
} from "../../deb/index.ts";
import { type DecoderCommands, decompressFile } from "../../platform/decompress/decompress.ts";
import { gunzip } from "../../platform/decompress/gunzip.ts";
import { statIfAny } from "../../platform/look.ts";
import { readPart } from "../../platform/read-part.ts";
import { DocFiles, type FoundDocs, isChangelogPath } from "./doc-files.ts";

/** What a .deb says about the uploads of its source. */
export type DebChangelog =
  | ({ readonly kind: "changelog" } & Changelog)
  /** The .deb of this package, of the same source, has it. */
  | { readonly kind: "link"; readonly target: string }
  /** Vendors' packages often have none. */
  | { readonly kind: "none" };

/** Upstreams choose these bytes. */
export interface DebLimits {
  readonly unpackedBytesMax: number;
  /** Also of the compressed changelogs of a .deb together. */
  readonly changelogBytesMax: number;
  readonly timeoutMs: number;
}

const usualLimits: DebLimits = {
  unpackedBytesMax: 2 ** 31,
  changelogBytesMax: 4 * 2 ** 20,
  timeoutMs: 20_000,
};

export interface DebPorts {
  readonly signal: AbortSignal;
  readonly decoderCommands: DecoderCommands;
}

/**
 * Reads the changelog of a .deb from its stream, and stops where it has been found. Writes no file and follows no link.
 * Throws a DebError or a DecompressionError for a .deb that is damaged, hostile, or reaches a limit.
 */
export async function readDebChangelog(
  path: string,
  packageName: string,
  ports: DebPorts,
  limits: DebLimits = usualLimits,
): Promise<DebChangelog> {
  const docs = await findDocs(path, packageName, ports, limits);
  if (docs.kind !== "files") return docs;
  const changelogs = docs.files.map((file) =>
    parseChangelog(
      file.path.endsWith(".gz") ? gunzip(file.path, file.bytes, limits.changelogBytesMax) : file.bytes,
    ),
  );
  const entries = changelogs.flatMap((one) => one.entries);
  if (entries.length === 0) return { kind: "none" }; // such as the changelog of an upstream
  return { kind: "changelog", entries, isCut: changelogs.some(({ isCut }) => isCut) };
}

async function findDocs(
  path: string,
  packageName: string,
  { signal, decoderCommands }: DebPorts,
  { unpackedBytesMax, changelogBytesMax, timeoutMs }: DebLimits,
): Promise<FoundDocs> {
  const { compression, start, end } = findData(path);
  const tooLate = AbortSignal.timeout(timeoutMs);
  const docs = new DocFiles(packageName);
  const tar = new TarReader({ wants: isChangelogPath, contentBytesMax: changelogBytesMax });
  try {
    for await (const chunk of decompressFile(path, compression, {
      range: { start, end },
      bytesMax: unpackedBytesMax,
      signal: AbortSignal.any([signal, tooLate]),
      commands: decoderCommands,
    })) {
      for (const entry of tar.push(chunk)) docs.add(entry);
      if (docs.isDone) return docs.finish();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!tooLate.aborted) throw error;
    throw new DebError("DEB_TOO_SLOW", `it was not read within ${timeoutMs / 1000} seconds`, {
      hint: unreadHint,
      cause: error,
    });
  }
  tar.end();
  return docs.finish();
}

/** debian-binary and control.tar come before data.tar, and perhaps some members of other programs. */
const membersMax = 16;

/** Finds the files of the package, deb(5). */
function findData(
  path: string,
): ArMember & { readonly compression: NonNullable<ReturnType<typeof dataCompressionOf>> } {
  const fileBytes = statIfAny(path)?.size ?? 0;
  checkArMagic(readPart(path, 0, firstHeaderAt));
  let at = firstHeaderAt;
  for (let number = 0; number < membersMax && at < fileBytes; number += 1) {
    const member = readArHeader(readPart(path, at, headerBytes), at, fileBytes);
    const compression = dataCompressionOf(member.name);
    if (compression !== undefined && member.end > member.start) return { ...member, compression };
    at = member.next;
  }
  throw new DebError("DEB_MALFORMED", "it has no data.tar in a compression that is known", {
    hint: unreadHint,
  });
}
