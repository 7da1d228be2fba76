import type { CriterionOf, GateName, Verdict } from "../../gates/index.ts";
import type { GatePorts, Subject } from "./subject/subject.ts";

/** One gate. What it throws is a verdict too: the gate fails, with the words of the error. */
export interface Gate<Name extends GateName> {
  /**
   * It asks the clock, the history, small files or who promotes. It is asked each time, since that takes no time and an
   * earlier verdict would mean little.
   */
  readonly isInstant?: true;
  /** Returns a text that is the same while the keys and other files that it reads are: an earlier verdict is for these. */
  inputsOf?(criterion: CriterionOf<Name>, ports: GatePorts): string;
  run(criterion: CriterionOf<Name>, subject: Subject): Promise<Verdict>;
}
