import { whyUnreadable } from "../../../errors.ts";
import { type Detail, findings, verdictOf } from "../../../gates/index.ts";
import type { InvokerFiles } from "../../../platform/invoker-files.ts";
import { aptKeyPaths } from "../../../platform/key-files.ts";
import { digestsOf } from "../../../platform/running-digests.ts";
import { problemText } from "../../../report/words/verify/damage-problem.ts";
import { faultText } from "../../../report/words/verify/tree-remarks.ts";
import { checkSnapshot } from "../../verify/index.ts";
import type { Gate } from "../gate.ts";

/** Signatures hold with the keys of the configuration, and every file that the indices list is there with its size. */
export const complete: Gate<"complete"> = {
  /** A verdict is for the keys that it was reached with. */
  inputsOf(_criterion, { mirror: { pgpCheck, pgpKeyPaths, signedBy }, invokerFiles }) {
    if (!pgpCheck) return "unchecked";
    const paths = pgpKeyPaths.length > 0 ? pgpKeyPaths : aptKeyPaths(invokerFiles);
    return JSON.stringify([signedBy, paths.map((path) => [path, digestOfKey(invokerFiles, path)])]);
  },
  async run(_criterion, { ports, snapshot }) {
    const { damages, faults } = (await checkSnapshot(ports, snapshot)).findings;
    const details: readonly Detail[] = [
      ...faults.map((fault) => ({ kind: "problem", reason: faultText(fault) }) as const),
      ...damages.map(
        ({ file: { path }, problem }) =>
          ({ kind: "damaged-file", path, reason: problemText(path, problem) }) as const,
      ),
    ];
    return verdictOf(details.length === 0, findings(details.length, details));
  },
};

function digestOfKey(files: InvokerFiles, path: string): string {
  try {
    return digestsOf(files.read(path)).sha256;
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    return reason;
  }
}
