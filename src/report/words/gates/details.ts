import type { Detail } from "../../../gates/index.ts";

/** Returns what a gate found, in a sentence; further lines say what to do. */
export function detailText(detail: Detail): string {
  switch (detail.kind) {
    case "problem":
      return detail.hint === undefined ? detail.reason : `${detail.reason}\n${detail.hint}`;
    case "damaged-file":
      return detail.reason;
    case "package-missing":
      return `${detail.name} is missing`;
  }
}
