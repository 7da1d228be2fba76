import type { CheckedTree } from "./checks/check-tree.ts";
import type { Contradiction, Damage } from "./checks/findings.ts";
import type { LeftDamaged } from "./repair/repair-result.ts";

/** What the last check of a tree found, and what was repaired before it. */
export interface TreeResult extends CheckedTree {
  readonly repaired: readonly Damage[];
  /** By path: damage that could not be repaired. */
  readonly left: ReadonlyMap<string, LeftDamaged>;
}

export const isDamaged = ({ findings }: TreeResult): boolean => damagedOf(findings) > 0;

/** Returns how many files are damaged; each fault of the tree counts as one. */
export const damagedOf = ({ damages, faults }: TreeResult["findings"]): number =>
  damages.length + faults.length;

/** The result of one tree, as it is reported. */
export interface TreeReport {
  readonly mirror: string;
  readonly name: string;
  readonly result: "whole" | "repaired" | "damaged" | "gone";
  /** How many files were checked. */
  readonly files: number;
  readonly readBytes: number;
  readonly damages: readonly ReportedDamage[];
  /** Why the tree cannot be trusted, although no file is damaged. */
  readonly faults: readonly string[];
  readonly remarks: readonly string[];
  readonly contradictions: readonly Contradiction[];
}

export interface ReportedDamage {
  readonly path: string;
  /** In words, beginning with the path. */
  readonly problem: string;
  readonly repaired: boolean;
  /** Why it could not be repaired, and what to do. */
  readonly reason?: string;
  readonly todo?: string;
}

export function reportOf(mirror: string, result: TreeResult): TreeReport {
  const { tree, findings, isGone, readBytes, repaired, left } = result;
  return {
    mirror,
    name: tree.name,
    result: isGone ? "gone" : isDamaged(result) ? "damaged" : repaired.length > 0 ? "repaired" : "whole",
    files: findings.files,
    readBytes,
    damages: [
      ...repaired.map(({ file, problem }) => ({ path: file.path, problem, repaired: true })),
      ...findings.damages.map(({ file: { path }, problem }) => {
        const { reason, todo } = left.get(path) ?? {};
        return { path, problem, repaired: false, ...(reason === undefined ? {} : { reason, todo }) };
      }),
    ],
    faults: findings.faults,
    remarks: findings.remarks,
    contradictions: findings.contradictions,
  };
}
