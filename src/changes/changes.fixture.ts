import type { IndexChange, Place } from "./change.ts";
import { IndexComparison } from "./index-comparison.ts";
import type { PackageBuild } from "./package-build.ts";

export const main: Place = { suite: "stable", section: "main", architecture: "amd64" };
export const contrib: Place = { suite: "stable", section: "contrib", architecture: "amd64" };
export const security: Place = { suite: "security", section: "main", architecture: "amd64" };
export const flat: Place = { suite: "./", section: undefined, architecture: undefined };

/** "hello 1.0" as an index lists it. Its digest is that of no file; it differs with name, version and architecture. */
export function build(text: string, fields: Partial<PackageBuild> = {}): PackageBuild {
  const [name = "", version = ""] = text.split(" ");
  const architecture = fields.architecture ?? "amd64";
  return {
    name,
    version,
    architecture,
    variant: undefined,
    sourceField: undefined,
    digest: `${name}_${version}_${fields.variant ?? architecture}`,
    builtUsing: undefined,
    ...fields,
  };
}

/** Compares two lists of one index. */
export function compareIndex(
  place: Place,
  before: readonly PackageBuild[],
  after: readonly PackageBuild[],
): readonly IndexChange[] {
  const comparison = new IndexComparison(place);
  for (const one of before) comparison.addBefore(one);
  for (const one of after) comparison.addAfter(one);
  return comparison.changes();
}

/** Says the changes between two lists, without and with bytes: "upgraded hello 1.0 -> 1.1". */
export const compared = (
  before: readonly PackageBuild[],
  after: readonly PackageBuild[],
  place = main,
): readonly string[] => compareIndex(place, before, after).map(changeText);

export const changeText = ({ kind, movedFrom, place, before, after }: IndexChange): string =>
  [
    `${kind} ${(after ?? before)?.name}`,
    [before?.version, after?.version].filter((version) => version !== undefined).join(" -> "),
    ...(movedFrom === undefined ? [] : [`${placeText(movedFrom)} to ${placeText(place)}`]),
  ].join(" ");

const placeText = ({ suite, section = "" }: Place): string => `${suite}/${section}`;
