import { compareVersions } from "../repository/index.ts";
import type { ChangeKind } from "./change.ts";
import { type PackageBuild, type SourceFields, sourceOf } from "./package-build.ts";

type ComparedBuild = SourceFields & Pick<PackageBuild, "architecture" | "variant">;

/** Returns how the second of two different builds of a package relates to the first. */
export function kindOf(before: ComparedBuild, after: ComparedBuild): ChangeKind {
  const order = compareVersions(after.version, before.version);
  if (order < 0) return "downgraded";
  if (order > 0) return haveSameSource(before, after) ? "rebuilt" : "upgraded";
  return before.architecture === after.architecture && before.variant === after.variant
    ? "changed-bytes"
    : "rebuilt";
}

/** A rebuild has the number of the rebuild in its own version. Some archives do not name the version of the source then. */
function haveSameSource(before: SourceFields, after: SourceFields): boolean {
  const [one, other] = [sourceOf(before), sourceOf(after)];
  return one.name === other.name && withoutRebuild(one.version) === withoutRebuild(other.version);
}

const withoutRebuild = (version: string): string => version.replace(/\+b\d+$/, "");
