import { MirrorctlError } from "../../../errors.ts";
import type { LackedFile } from "../../../store/index.ts";
import type { TrustError } from "../../../trust/index.ts";

/** A listed file that upstream does not have, or not with the bytes that it lists. */
export interface BrokenFile extends LackedFile {
  /** Undefined where the bytes are absent, or are those of an earlier sync. */
  readonly error?: TrustError | undefined;
}

/** Upstream has an index that clients cannot do without in no form, although it lists it. */
export class MissingIndexError extends MirrorctlError<"INDEX_MISSING"> {
  override readonly area = "upstream";
}

/** Upstream's indices name files that it does not have, or has with other bytes. */
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
