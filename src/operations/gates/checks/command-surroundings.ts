import { join } from "node:path";
import { combineChanges } from "../../../changes/index.ts";
import { makeTemporaryDirectory, writeSmallFile } from "../../../platform/files.ts";
import { removeTree } from "../../../platform/remove-tree.ts";
import { snapshotDiffJson } from "../../../report/json/diff-json.ts";
import type { Subject } from "../subject/subject.ts";

export interface Surroundings extends AsyncDisposable {
  /** Where commands start: what one leaves there, such as a core dump, must not get into the snapshot. */
  readonly cwd: string;
  /** The whole environment of a command. */
  readonly env: Readonly<Record<string, string>>;
}

/** Prepares what the commands of a test get. A variable is unset if there is nothing to say. */
export async function commandSurroundings(subject: Subject): Promise<Surroundings> {
  const { ports, snapshot } = subject;
  const directory = makeTemporaryDirectory(ports.tempDir);
  const diff = join(directory, "diff.json");
  await using undo = new AsyncDisposableStack();
  undo.defer(() => removeTree(directory));
  const hasDiff = await writeDiff(subject, diff);
  const url = await urlOf(subject);
  const owned = undo.move();
  return {
    cwd: directory,
    env: {
      PATH: ports.programs.path,
      MIRRORCTL_MIRROR: ports.mirror.id,
      MIRRORCTL_SNAPSHOT: snapshot.name,
      MIRRORCTL_PATH: snapshot.path,
      ...(url === undefined ? {} : { MIRRORCTL_URL: url }),
      ...(hasDiff ? { MIRRORCTL_DIFF: diff } : {}),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Writes what `snapshot diff --json` prints of production and the snapshot. Returns false if production shows nothing. */
async function writeDiff({ ports, snapshot, production, changes }: Subject, path: string): Promise<boolean> {
  const [before, found] = [await production(), await changes()];
  if (before === undefined || found === undefined) return false;
  const isShown = await isStaged({ ports, snapshot });
  const difference = snapshotDiffJson({
    mirror: ports.mirror.id,
    from: { name: before.name, shownAs: ["production"] },
    to: { name: snapshot.name, shownAs: isShown ? ["staging"] : [] },
    ...combineChanges(found),
    changelogs: undefined,
  });
  writeSmallFile(path, `${JSON.stringify(difference)}\n`, 0o600);
  return true;
}

/** Returns where clients find the snapshot: only what is staged has a URL, and only `base_url` says which. */
async function urlOf({ ports, snapshot }: Subject): Promise<string | undefined> {
  const { baseUrl, staging } = ports.mirror.publish;
  if (baseUrl === undefined || !(await isStaged({ ports, snapshot }))) return undefined;
  return `${baseUrl}${ports.mirror.id}/${staging}`;
}

async function isStaged({ ports, snapshot }: Pick<Subject, "ports" | "snapshot">): Promise<boolean> {
  const shown = await ports.publisher.read("staging");
  return shown.kind === "snapshot" && shown.name === snapshot.name;
}
