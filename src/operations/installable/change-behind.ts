import { type ChangeKind, kindOf } from "../../changes/index.ts";
import type { CausingChange } from "../../gates/index.ts";
import type { Candidate, Culprit, Universe } from "../../installability/index.ts";

/** Returns the change as data. `present` is the universe in which the other package cannot be installed. */
export function changeBehind(culprit: Culprit, present: Universe): CausingChange | undefined {
  const { role, relation, before, after } = culprit;
  const one = after ?? before;
  if (one === undefined) return undefined;
  return {
    kind: kindBetween(before, after, present.named(one.name)),
    name: one.name,
    architecture: one.architecture,
    before: before?.version,
    after: after?.version,
    role,
    relation,
  };
}

function kindBetween(
  before: Candidate | undefined,
  after: Candidate | undefined,
  left: readonly Candidate[],
): ChangeKind {
  if (before === undefined) return "added";
  if (after === undefined) return left.length === 0 ? "removed" : "version-removed";
  // The versions alone tell a rebuild: a universe knows no sources.
  return kindOf({ ...before, sourceField: undefined }, { ...after, sourceField: undefined });
}
