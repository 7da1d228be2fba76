import type { LinkTarget } from "../../publish/index.ts";
import type { Concern } from "../../report/concerns.ts";
import type { ReadHistory } from "../read-history.ts";

/** Production leads nowhere, although it did and nobody took the link away. */
export function concernsOfProduction(target: LinkTarget, history: ReadHistory): readonly Concern[] {
  if (target.kind !== "none") return [];
  const name = lastInProduction(history);
  return name === undefined ? [] : [{ kind: "production-lost", name }];
}

/** What production led to after the last move that the history knows of; undefined where it was taken away on purpose. */
function lastInProduction(history: ReadHistory): string | undefined {
  if ("unreadable" in history) return undefined;
  return history.find(
    ({ action, result, detail }) =>
      result === "done" &&
      (action === "publish" ||
        action === "promote" ||
        action === "rollback" ||
        (action === "unlink" && detail === "production")),
  )?.to;
}
