/** Why a promotion passes over a snapshot that is newer than the one it chooses. */
import { objectionText, type PromotionObjection } from "./objections.ts";

export interface PassedOver {
  readonly name: string;
  /** Set if it is too young. */
  readonly oldEnoughFrom: Date | undefined;
  readonly objections: readonly PromotionObjection[];
}

/** Returns the end of a sentence that begins with the name of the snapshot. */
export const passedOverText = ({ objections }: PassedOver): string =>
  objections.map(objectionText).join("\n");
