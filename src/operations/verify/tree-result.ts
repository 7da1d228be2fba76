import type { MirrorContext } from "../context.ts";
import type { CheckedTree } from "./checks/check-tree.ts";
import type { Contradiction, Damage } from "./checks/findings.ts";
import type { RepairOutcome } from "./repair/index.ts";

type OutcomeOf<Kind extends RepairOutcome["kind"]> = Extract<RepairOutcome, { kind: Kind }>;

/** What is known of a tree by now: as it was last checked, and what was repaired before that. */
export interface Verdict {
  checked: CheckedTree;
  readonly repaired: Damage[];
  /** By path: what a repair was tried of in vain. */
  readonly left: Map<string, OutcomeOf<"left">>;
}

/** Of one tree, as it is told. */
export interface TreeReport {
  readonly mirror: string;
  readonly name: string;
  readonly result: "whole" | "repaired" | "damaged" | "gone";
  /** How many files were looked at. */
  readonly files: number;
  readonly readBytes: number;
  readonly damages: readonly ReportedDamage[];
  /** Why nothing vouches for it, although no file is damaged. */
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

export function reportOf({ mirror }: MirrorContext, verdict: Verdict): TreeReport {
  const { tree, findings, isGone, readBytes } = verdict.checked;
  return {
    mirror: mirror.id,
    name: tree.name,
    result: isGone ? "gone" : resultOf(verdict),
    files: findings.files,
    readBytes,
    damages: [
      ...verdict.repaired.map((damage) => ({ ...described(damage), repaired: true })),
      ...findings.damages.map((damage) => {
        const { reason, todo } = verdict.left.get(damage.file.path) ?? {};
        return { ...described(damage), repaired: false, ...(reason === undefined ? {} : { reason, todo }) };
      }),
    ],
    faults: findings.faults,
    remarks: findings.remarks,
    contradictions: findings.contradictions,
  };
}

const described = ({ file, problem }: Damage) => ({ path: file.path, problem });

function resultOf({ checked: { findings }, repaired }: Verdict): TreeReport["result"] {
  if (findings.damages.length + findings.faults.length > 0) return "damaged";
  return repaired.length > 0 ? "repaired" : "whole";
}
