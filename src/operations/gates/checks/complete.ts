import { type Detail, findings, verdictOf } from "../../../gates/index.ts";
import { problemText } from "../../../report/words/verify/damage-problem.ts";
import { faultText, treeRemarkText } from "../../../report/words/verify/tree-remarks.ts";
import { checkSnapshot } from "../../verify/index.ts";
import type { Gate } from "../gate.ts";
import { trustInputs } from "../trust-inputs.ts";

/** Signatures hold with the keys of the configuration, and every file that the indices list is there with its size. */
export const complete: Gate<"complete"> = {
  inputsOf: (_criterion, ports) => trustInputs(ports),
  async run(_criterion, { ports, snapshot }) {
    const { damages, faults, remarks, isPartial } = (await checkSnapshot(ports, snapshot)).findings;
    const unchecked = remarks.filter(({ kind }) => kind === "suite-unchecked" || kind === "index-unchecked");
    const details: readonly Detail[] = [
      ...faults.map((fault) => ({ kind: "problem", reason: faultText(fault) }) as const),
      ...unchecked.map((remark) => ({ kind: "problem", reason: treeRemarkText(remark) }) as const),
      ...damages.map(
        ({ file: { path }, problem }) =>
          ({ kind: "damaged-file", path, reason: problemText(path, problem) }) as const,
      ),
    ];
    return verdictOf(details.length === 0 && !isPartial, findings(details.length, details));
  },
};
