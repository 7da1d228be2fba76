/** The story of `promote`: what is staged is tested, and goes into production unless there are objections. */
export { type PromotionPreview, previewPromotion } from "./preview-promotion.ts";
export { type Promoted, type PromoteOptions, promoteSnapshots } from "./promote-snapshots.ts";
