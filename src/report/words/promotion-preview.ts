import type { PromotionPreview } from "../../operations/promotion/index.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { comparisonLines } from "./comparison.ts";
import { objectionText } from "./objections.ts";

/** Says what the promotion of one mirror would do, for a terminal. */
export const previewText = (preview: PromotionPreview): string =>
  [previewTitle(preview), ...linesOf(preview).map((line) => `  ${line}`)]
    .map((line) => `${escapeControls(line)}\n`)
    .join("");

/** Says where production would go, or why not. */
export function previewTitle({
  mirror,
  snapshot,
  isThere,
  comparison,
  objections,
}: PromotionPreview): string {
  if (isThere) return `${mirror}: ${snapshot} is in production already: nothing would change`;
  const from = comparison === undefined ? "" : `${comparison.from} -> `;
  return `${mirror}: ${from}${snapshot} ${objections.length === 0 ? "would be promoted" : "would be refused"}`;
}

const linesOf = ({ comparison, objections }: PromotionPreview): readonly string[] => [
  ...(comparison === undefined ? [] : comparisonLines(comparison.changes)),
  ...objections.flatMap((objection) => `refused: it ${objectionText(objection)}`.split("\n")),
];
