import type { PromotionPreview } from "../../operations/promotion/index.ts";
import { previewJson } from "../../report/json/preview-json.ts";
import { previewText } from "../../report/words/promotion-preview.ts";
import { testReport } from "./snapshot-test-text.ts";

export { previewJson };

export const textOfPreview = (one: PromotionPreview, columns: number | undefined): string =>
  previewText(one) + (one.test === undefined ? "" : `\n${testReport(one.test, columns)}`);
