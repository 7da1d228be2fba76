import type { CriterionOf, GateName, Verdict } from "../../gates/index.ts";
import type { Subject } from "./subject.ts";

/** One gate. What it throws is a verdict too: the gate fails, with the words of the error. */
export interface Gate<Name extends GateName> {
  readonly gate: Name;
  /** It asks only the clock, the history or who promotes: that takes no time, and a verdict of before means nothing. */
  readonly isInstant?: true;
  run(criterion: CriterionOf<Name>, subject: Subject): Promise<Verdict>;
}
