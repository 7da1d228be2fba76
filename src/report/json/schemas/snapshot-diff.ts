import * as v from "valibot";
import { count, described, list, maybe, message, mirrorId, snapshotName, texts } from "./shapes.ts";

const kind = v.picklist([
  "downgraded",
  "removed",
  "changed-bytes",
  "upgraded",
  "rebuilt",
  "added",
  "moved",
  "version-added",
  "version-removed",
]);

export const changeCounts = v.object({
  downgraded: count,
  removed: count,
  "changed-bytes": described(count, "the same version with another file"),
  upgraded: count,
  rebuilt: described(count, "newer, of the same version of the source"),
  added: count,
  moved: described(count, "the same file in another suite or section"),
  "version-added": described(count, "versions beside the newest one"),
  "version-removed": described(count, "versions beside the newest one"),
});

const section = maybe(described(v.string(), "such as main; left out for a flat suite"));

const build = v.object({
  version: v.string(),
  architecture: described(v.string(), "of the package, such as amd64, all or source"),
  variant: maybe(described(v.string(), "such as amd64v3")),
  sourceVersion: v.string(),
  digest: described(
    v.string(),
    "SHA-256, or the next strongest that is listed; that of the .dsc for a source package",
  ),
});

const tree = v.object({
  name: snapshotName,
  shownAs: described(list(v.picklist(["staging", "production"])), "the links that lead to it"),
});

const changelog = v.object({
  source: v.string(),
  before: maybe(described(v.string(), "version of the source; left out for a new source")),
  after: described(v.string(), "version of the source"),
  found: described(
    v.picklist(["entries", "none", "unreadable"]),
    "none: its packages have no changelog in Debian's format; unreadable: the package is damaged or hostile",
  ),
  urgency: maybe(described(v.string(), "the highest one, such as high")),
  cves: texts,
  advisories: described(texts, "such as DSA-5900-1 or USN-7000-1"),
  debianBugs: described(texts, "numbers of closed bugs"),
  launchpadBugs: described(texts, "numbers of bugs"),
  isCut: described(
    v.boolean(),
    "true if older entries were removed from the changelog, so that some are missing",
  ),
  entries: described(
    list(
      v.object({
        version: v.string(),
        distributions: texts,
        urgency: maybe(v.string()),
        binaryOnly: described(v.boolean(), "true for a rebuild"),
        maintainer: maybe(v.string()),
        date: maybe(described(v.string(), "as written, such as Mon, 05 Jan 2026 10:00:00 +0100")),
        text: v.string(),
      }),
    ),
    "those that are newer than before, the newest first",
  ),
  message,
});

/** `mirrorctl snapshot diff --json` */
export const snapshotDiffAnswer = v.object({
  schema: v.literal("mirrorctl.diff/1"),
  mirror: mirrorId,
  from: tree,
  to: tree,
  onlySource: maybe(described(v.string(), "the source package of --source, if it was given")),
  counts: described(changeCounts, "a package that several architectures list counts once"),
  places: described(
    list(
      v.object({
        suite: v.string(),
        section,
        architecture: maybe(
          described(
            v.string(),
            "of the index: an architecture, a variant, or source; left out for a flat suite",
          ),
        ),
        counts: changeCounts,
      }),
    ),
    "the indices with changes",
  ),
  sources: described(
    list(
      v.object({
        source: v.string(),
        changes: list(
          v.object({
            kind,
            package: v.string(),
            suite: v.string(),
            section,
            architectures: described(texts, "of the indices that list it; empty for a flat suite"),
            movedFrom: maybe(v.object({ suite: v.string(), section })),
            before: maybe(described(build, "left out for what is new")),
            after: maybe(described(build, "left out for what is gone")),
            builtUsing: maybe(
              described(
                list(v.object({ source: v.string(), before: maybe(v.string()), after: maybe(v.string()) })),
                "for rebuilt and changed-bytes: sources of which another version was built in",
              ),
            ),
            message,
          }),
        ),
      }),
    ),
    "by name",
  ),
  cves: maybe(described(texts, "with --changelogs: every CVE that the changelogs of new versions name")),
  changelogs: maybe(described(list(changelog), "with --changelogs: of each source with a new version")),
});

export type SnapshotDiffAnswer = v.InferOutput<typeof snapshotDiffAnswer>;
