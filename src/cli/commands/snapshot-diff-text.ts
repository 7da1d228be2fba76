import type { TreeDifference } from "../../operations/diff/index.ts";
import { differenceMarkdown } from "../../report/changes/markdown.ts";
import { differenceText } from "../../report/changes/text.ts";
import { snapshotDiffJson } from "../../report/json/diff-json.ts";

export { snapshotDiffJson };

export type DiffFormat = "text" | "json" | "markdown";

export function formatDifference(
  difference: TreeDifference,
  format: DiffFormat,
  columns: number | undefined,
): string {
  switch (format) {
    case "text":
      return differenceText(difference, columns);
    case "markdown":
      return differenceMarkdown(difference);
    case "json":
      return `${JSON.stringify(snapshotDiffJson(difference), undefined, 2)}\n`;
  }
}
