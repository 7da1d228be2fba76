import { hasCode, MirrorctlError } from "../../../errors.ts";
import type { LeftReason } from "../../../report/words/verify/left-damaged.ts";
import type { ListedFile } from "../../../repository/index.ts";
import { TrustError } from "../../../trust/index.ts";
import type { Absent } from "../../sync/index.ts";

/** Where the right bytes of a file were found. */
export type BytesFrom = "store" | "tree" | "upstream";

export type RepairResult =
  | {
      readonly kind: "repaired";
      readonly from: BytesFrom;
      /** How many names got the right bytes. */
      readonly names: number;
    }
  | LeftDamaged;

/** The file stays damaged, and why. */
export interface LeftDamaged {
  readonly kind: "left";
  readonly because: LeftReason;
}

/** Returns why a file cannot be repaired, or undefined for an error that must end the run. */
export function leftBecause(error: unknown, file: ListedFile): LeftDamaged | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message: reason } = error;
  if (error instanceof TrustError) return left({ kind: "bytes-refused", reason, digest: digestOf(file) });
  if (error instanceof MirrorctlError) return left({ kind: "failed", reason, hint: error.hint });
  if (hasCode(error, "ENOSPC", "EDQUOT")) return left({ kind: "disk-full", reason });
  if (hasCode(error, "EACCES", "EPERM", "EROFS")) return left({ kind: "denied", reason });
  if (hasCode(error, "EIO", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "EXDEV"))
    return left({ kind: "disk-fault", reason });
  return undefined;
}

/** A repair asks servers, so there is a status. */
export const lostUpstream = ({ status = 404, url }: Absent, file: ListedFile): LeftDamaged =>
  left({ kind: "lost", status, url, digest: digestOf(file) });

export const inTheWay: LeftDamaged = left({ kind: "in-the-way" });

export const notOurs: LeftDamaged = left({ kind: "not-ours" });

export const releaseNotFound = (date: string | undefined): LeftDamaged =>
  left({ kind: "release-lost", date });

function left(because: LeftReason): LeftDamaged {
  return { kind: "left", because };
}

/** "sha256 0a1b…", to recognize a copy in a backup. */
function digestOf({ digests }: ListedFile): string | undefined {
  const [name, digest] = Object.entries(digests).at(-1) ?? [];
  return digest === undefined ? undefined : `${name} ${digest}`;
}
