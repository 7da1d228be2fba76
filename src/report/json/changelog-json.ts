import type { SourceChangelog } from "../../changelogs/index.ts";
import { changelogTitle } from "../changes/changelogs.ts";
import type { SnapshotDiffAnswer } from "./schemas/snapshot-diff.ts";

type ChangelogAnswer = NonNullable<SnapshotDiffAnswer["changelogs"]>[number];

export function changelogJson(changelog: SourceChangelog): ChangelogAnswer {
  const { source, before, after, found } = changelog;
  const head = { source, before, after, found: found.kind };
  if (found.kind !== "entries") {
    const message =
      found.kind === "unreadable"
        ? `${changelogTitle(changelog)}: ${found.problem}`
        : changelogTitle(changelog);
    return { ...head, ...noEntries, message };
  }
  const { urgency, cves, advisories, debianBugs, launchpadBugs, isCut, entries } = found;
  return {
    ...head,
    urgency,
    cves,
    advisories,
    debianBugs,
    launchpadBugs,
    isCut,
    entries: entries.map((entry) => ({
      version: entry.version,
      distributions: entry.distributions,
      urgency: entry.urgency,
      binaryOnly: entry.isBinaryOnly,
      maintainer: entry.maintainer,
      date: entry.date,
      text: entry.body,
    })),
    message: changelogTitle(changelog),
  };
}

const noEntries = {
  cves: [],
  advisories: [],
  debianBugs: [],
  launchpadBugs: [],
  isCut: false,
  entries: [],
};
