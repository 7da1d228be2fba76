/** Why a snapshot should not go into production. Operations find the facts; the words are here. */
import type { GateResult } from "../../gates/index.ts";
import { type DamageFacts, damageText, repairCommand } from "./damage.ts";
import { refusalText } from "./gates/verdicts.ts";
import { type Deed, whenAndWhy } from "./when-and-why.ts";

/** Why `promote` refuses a snapshot. `--force` with a reason overrides it, and the history records that. */
export type PromotionObjection =
  | (Deed & {
      readonly kind: "rolled-back";
      /** The name that it was rolled back under, if that is another snapshot with the same contents. */
      readonly as: string | undefined;
    })
  /** Found by a check, and not repaired since. */
  | ({ readonly kind: "damaged"; readonly mirror: string; readonly name: string } & DamageFacts)
  /** A gate of the mirror keeps it out. */
  | { readonly kind: "gate"; readonly mirror: string; readonly name: string; readonly result: GateResult }
  /** The history of the snapshot is not known. */
  | { readonly kind: "history-unreadable"; readonly problem: string };

type ObjectionOf<Kind extends PromotionObjection["kind"]> = Extract<
  PromotionObjection,
  { readonly kind: Kind }
>;

/** Returns the end of a sentence that begins with the name of the snapshot. */
export function objectionText<Kind extends PromotionObjection["kind"]>(objection: ObjectionOf<Kind>): string {
  const words: (objection: ObjectionOf<Kind>) => string = objectionWords[objection.kind];
  return words(objection);
}

const objectionWords: {
  readonly [Kind in PromotionObjection["kind"]]: (objection: ObjectionOf<Kind>) => string;
} = {
  "rolled-back": ({ as, ...deed }) =>
    `${as === undefined ? "" : `has the same contents as ${as}, which `}was rolled back ${whenAndWhy(deed)}`,
  damaged: ({ mirror, name, ...damage }) =>
    `${damageText(damage)}; to repair it: ${repairCommand(mirror, name)}`,
  gate: ({ result, ...tested }) => refusalText(result, tested),
  "history-unreadable": ({ problem }) =>
    `may be damaged or rolled back: the history that would say so cannot be read: ${problem}`,
};

/** Returns what a promotion overrode, for the history. */
export const overriddenText = (objections: readonly PromotionObjection[]): string =>
  objections.map((objection) => `forced: it ${objectionText(objection).split("\n", 1)[0]}`).join("; ");
