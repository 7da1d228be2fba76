import type { PromotionPreview } from "../../operations/promotion/index.ts";
import { objectionText } from "../words/objections.ts";
import { previewTitle } from "../words/promotion-preview.ts";
import { snapshotTestJson } from "./answers.ts";
import type { PromotePreviewAnswer } from "./schemas/promote-preview.ts";

export const previewJson = (previews: readonly PromotionPreview[]): PromotePreviewAnswer =>
  previews.map((preview) => {
    const { mirror, snapshot, isThere, comparison, test, objections } = preview;
    return {
      mirror,
      snapshot,
      production: comparison?.from,
      unchanged: isThere,
      changes: comparison?.changes,
      test: test && snapshotTestJson(test),
      refused: objections.map(objectionText),
      message: previewTitle(preview),
    };
  });
