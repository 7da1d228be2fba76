/** The words of a difference between two trees, for every form in which it is printed. */
import { type ChangeKind, type PackageChange, type SourceChanges, sourceOf } from "../../changes/index.ts";

/** The packages of one source that changed in the same way. */
export interface ChangeLine {
  readonly kind: ChangeKind;
  readonly source: string;
  /** Such as "3.0.1-1 -> 3.0.2-1". */
  readonly versions: string;
  readonly packages: readonly string[];
  /** Such as "bookworm main amd64". */
  readonly place: string;
  /** What else a person should know: from where it moved, with which libraries it was rebuilt. */
  readonly notes: readonly string[];
}

export const kindWords: Readonly<Record<ChangeKind, string>> = {
  downgraded: "downgraded",
  removed: "removed",
  "changed-bytes": "other bytes",
  upgraded: "upgraded",
  rebuilt: "rebuilt",
  added: "added",
  moved: "moved",
  "version-added": "version added",
  "version-removed": "version removed",
};

/** Returns the lines of one source, in the order of its packages. */
export function linesOf({ source, changes }: SourceChanges): readonly ChangeLine[] {
  const lines = new Map<string, ChangeLine>();
  for (const change of changes) {
    const line = { ...lineOf(change), source };
    const key = [line.kind, line.versions, line.place, ...line.notes].join("\n");
    const known = lines.get(key);
    lines.set(
      key,
      known === undefined ? line : { ...known, packages: [...known.packages, ...line.packages] },
    );
  }
  return [...lines.values()];
}

/** Says one change in a line: "upgraded libssl3 3.0.1-1 -> 3.0.2-1 (bookworm main amd64)". */
export function changeText(change: PackageChange): string {
  const { kind, versions, packages, place, notes } = lineOf(change);
  return [`${kindWords[kind]} ${packages.join(", ")} ${versions} (${place})`, ...notes].join("; ");
}

function lineOf(change: PackageChange): Omit<ChangeLine, "source"> {
  const { kind, before, after, suite, section, architectures } = change;
  return {
    kind,
    versions: versionsText(change),
    packages: [(after ?? before)?.name ?? ""],
    place: [suite, section, architectures.join(",")]
      .filter((part) => part !== undefined && part !== "")
      .join(" "),
    notes: notesOf(change),
  };
}

function versionsText({ before, after }: PackageChange): string {
  if (before === undefined || after === undefined) return (after ?? before)?.version ?? "";
  return before.version === after.version ? after.version : `${before.version} -> ${after.version}`;
}

function notesOf({ kind, movedFrom, before, after, builtUsing }: PackageChange): readonly string[] {
  const notes: string[] = [];
  if (movedFrom !== undefined)
    notes.push(`from ${[movedFrom.suite, movedFrom.section].filter(Boolean).join(" ")}`);
  if (before !== undefined && after !== undefined) {
    const [old, present] = [architectureOf(before), architectureOf(after)];
    if (old !== present) notes.push(`${old} -> ${present}`);
    const [source, other] = [sourceOf(before).name, sourceOf(after).name];
    if (source !== other) notes.push(`source was ${source}`);
    if (kind === "changed-bytes" && before.version === after.version)
      notes.push(`${before.digest.slice(0, 12)} -> ${after.digest.slice(0, 12)}`);
  }
  for (const one of builtUsing)
    notes.push(`with ${one.source} ${one.before ?? "none"} -> ${one.after ?? "none"}`);
  return notes;
}

const architectureOf = ({ architecture, variant }: { architecture: string; variant: string | undefined }) =>
  variant ?? architecture;
