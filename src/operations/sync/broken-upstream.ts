import { MirrorctlError } from "../../errors.ts";
import type { MirrorNews } from "../../report/events.ts";
import { type MissingFile, missingFileText, missingText } from "../../report/words/missing-files.ts";
import type { LackedFile } from "../../store/index.ts";
import type { TrustError } from "../../trust/index.ts";

/** A listed file that upstream does not have, or has with other bytes than it lists. */
export interface BrokenFile extends LackedFile {
  /** Undefined if the file is absent, or if an earlier sync refused the same bytes. */
  readonly error?: TrustError | undefined;
}

/** Upstream lists an index that clients need, and has it in no form. */
export class MissingIndexError extends MirrorctlError<"INDEX_MISSING"> {
  override readonly area = "upstream";
}

/** Upstream's indices list files that it does not have, or has with other bytes; or those of the directory in its place. */
export class BrokenUpstreamError extends MirrorctlError<"FILES_MISSING"> {
  override readonly area = "upstream";

  constructor(mirror: string, broken: readonly BrokenFile[], directory?: string) {
    const next =
      directory === undefined
        ? "An upstream that is changing is whole again in minutes; for one that stays broken, allow_missing publishes without these files."
        : `${carryHint} If upstream itself lacks them, allow_missing publishes without them.`;
    super("FILES_MISSING", `${mirror}: ${missingText(broken.length, directory)}`, {
      items: broken.map((file) => missingFileText(missingOf(file))).toSorted(),
      cause: broken.find(({ error }) => error !== undefined)?.error,
      hint: `Nothing was published, and what did come is kept. ${next}`,
    });
  }
}

/** For a directory that was read in place of upstream. */
export const carryHint =
  'Copy them from the other side again; or repeat "mirrorctl export" there, with --since only for a snapshot that is here too.';

const missingOf = ({ file: { path, source }, problem }: BrokenFile): MissingFile => ({
  path,
  listedIn: source,
  problem,
});

/** Reports the files that are left out (allow_missing). Returns them sorted by path. */
export function reportMissing(
  broken: readonly BrokenFile[],
  emit: (news: MirrorNews) => void,
): readonly MissingFile[] {
  if (broken.length === 0) return [];
  const files = broken.map(missingOf).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  emit({ type: "files-missing", files });
  return files;
}
