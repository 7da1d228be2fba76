import { MirrorctlError } from "../../errors.ts";
import type { MirrorNews } from "../../report/events.ts";
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

/** Upstream's indices list files that it does not have, or has with other bytes. */
export class BrokenUpstreamError extends MirrorctlError<"FILES_MISSING"> {
  override readonly area = "upstream";

  constructor(mirror: string, broken: readonly BrokenFile[]) {
    const files = broken.length === 1 ? "a file" : `${broken.length} files`;
    super("FILES_MISSING", `${mirror}: upstream lists ${files} that it does not have as listed:`, {
      items: broken.map(lineOf).toSorted(),
      cause: broken.find(({ error }) => error !== undefined)?.error,
      hint:
        "Nothing was published, and what did come is kept. An upstream that is changing is whole again in minutes; " +
        "for one that stays broken, allow_missing publishes without these files.",
    });
  }
}

/** The path, what is wrong, and which index lists it. */
const lineOf = ({ file, problem }: BrokenFile): string => `${problem} (listed in ${file.source})`;

/** Reports the files that are left out (allow_missing). Returns a line for each. */
export function reportMissing(
  mirrorId: string,
  broken: readonly BrokenFile[],
  emit: (news: MirrorNews) => void,
): readonly string[] {
  if (broken.length === 0) return [];
  const { message, items } = new BrokenUpstreamError(mirrorId, broken);
  emit({ type: "files-missing", problem: message, files: items });
  return items;
}
