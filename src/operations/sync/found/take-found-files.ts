import { DirectoryWalk, SoughtFiles } from "../../../found-files/index.ts";
import type { PlannedFile } from "../../../plan/index.ts";
import type { FoundDirectories, Reused } from "./found-directories.ts";
import { FoundIntake, type FoundPorts, type Match } from "./found-intake.ts";
import { matchByDigest } from "./match-by-digest.ts";

/**
 * Takes what is missing from directories of this disk, and puts it into the tree. Returns what is still missing. Files of a
 * fitting name and size are taken at once; others of a sought size are hashed before. What becomes an object is decided by its
 * digests alone.
 */
export async function takeFoundFiles(
  ports: FoundPorts,
  { directories, link }: FoundDirectories,
  missing: readonly PlannedFile[],
): Promise<{ readonly reused: Reused; readonly missing: readonly PlannedFile[] }> {
  const sought = new SoughtFiles(missing);
  await walk(ports, directories, sought);
  const intake = new FoundIntake(ports, link);
  for (let round = 0; ; round++) {
    const matches = matchByName(sought, intake, round);
    if (matches.length === 0) break;
    await intake.takeAll(matches);
  }
  await intake.takeAll(await matchByDigest(ports, sought, intake));
  intake.report();
  return { reused: intake.reused, missing: missing.filter((file) => !intake.has(file)) };
}

async function walk(
  { layout, mirror, signal, emit }: FoundPorts,
  directories: readonly string[],
  sought: SoughtFiles<PlannedFile>,
): Promise<void> {
  const found = new DirectoryWalk(directories, {
    without: [layout.dir, mirror.snapshot.path],
    onUnreadable: (directory, code) => emit({ type: "found-directory-unreadable", directory, code }),
  });
  for await (const group of found.files(signal)) for (const file of group) sought.note(file);
}

/** Returns for each content that is still missing its next found file of a fitting name. */
function matchByName(
  sought: SoughtFiles<PlannedFile>,
  intake: Pick<FoundIntake, "has">,
  round: number,
): readonly Match[] {
  const matches: Match[] = [];
  for (const { files, named } of sought.contents) {
    const from = named[round];
    if (from !== undefined && !intake.has(files[0])) matches.push({ from, files });
  }
  return matches;
}
