import { cvesIn } from "../../changelogs/index.ts";
import { type PackageBuild, sourceOf } from "../../changes/index.ts";
import type { TreeDifference } from "../../operations/diff/index.ts";
import { changeText } from "../changes/lines.ts";
import { changelogJson } from "./changelog-json.ts";
import type { SnapshotDiffAnswer } from "./schemas/snapshot-diff.ts";

/** What `snapshot diff` prints with --json, and what the commands of a test get. */
export const snapshotDiffJson = ({
  mirror,
  from,
  to,
  onlySource,
  counts,
  places,
  sources,
  changelogs,
}: TreeDifference): SnapshotDiffAnswer => ({
  schema: "mirrorctl.diff/1",
  mirror,
  from,
  to,
  ...(onlySource === undefined ? {} : { onlySource }),
  counts,
  places: places.map(({ place, counts: its }) => ({ ...place, counts: its })),
  sources: sources.map(({ source, changes }) => ({
    source,
    changes: changes.map((change) => {
      const { kind, suite, section, architectures, movedFrom, before, after, builtUsing } = change;
      return {
        kind,
        package: (after ?? before)?.name ?? "",
        suite,
        section,
        architectures,
        movedFrom,
        before: before && buildJson(before),
        after: after && buildJson(after),
        builtUsing: builtUsing.length === 0 ? undefined : builtUsing,
        message: changeText(change),
      };
    }),
  })),
  ...(changelogs === undefined
    ? {}
    : { cves: cvesIn(changelogs), changelogs: changelogs.map(changelogJson) }),
});

function buildJson(build: PackageBuild) {
  const { version, architecture, variant, digest } = build;
  return { version, architecture, variant, sourceVersion: sourceOf(build).version, digest };
}
