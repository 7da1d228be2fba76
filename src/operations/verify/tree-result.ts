import type { DamageProblem } from "../../report/words/verify/damage-problem.ts";
import type { LeftReason } from "../../report/words/verify/left-damaged.ts";
import type { CheckedTree } from "./checks/check-tree.ts";
import type { Damage, Findings } from "./checks/findings.ts";
import type { LeftDamaged } from "./repair/repair-result.ts";

/** What the last check of a tree found, and what was repaired before it. */
export interface TreeResult extends CheckedTree {
  readonly repaired: readonly Damage[];
  /** By path: damage that could not be repaired. */
  readonly left: ReadonlyMap<string, LeftDamaged>;
}

export const isDamaged = ({ findings }: TreeResult): boolean => damagedOf(findings) > 0;

/** Returns how many files are damaged; each fault of the tree counts as one. */
export const damagedOf = ({ damages, faults }: Findings): number => damages.length + faults.length;

/** The result of one tree, as it is reported. */
export interface TreeReport extends Pick<Findings, "files" | "faults" | "remarks" | "contradictions"> {
  readonly mirror: string;
  readonly name: string;
  readonly result: "whole" | "repaired" | "damaged" | "gone";
  readonly readBytes: number;
  readonly damages: readonly {
    readonly path: string;
    readonly problem: DamageProblem;
    readonly repaired: boolean;
    /** Why it could not be repaired; undefined if nobody tried. */
    readonly left: LeftReason | undefined;
  }[];
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
      ...repaired.map(({ file, problem }) => ({ path: file.path, problem, repaired: true, left: undefined })),
      ...findings.damages.map(({ file: { path }, problem }) => ({
        path,
        problem,
        repaired: false,
        left: left.get(path)?.because,
      })),
    ],
    faults: findings.faults,
    remarks: findings.remarks,
    contradictions: findings.contradictions,
  };
}
