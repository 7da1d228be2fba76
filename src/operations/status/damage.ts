import { knownDamage } from "../../history/index.ts";
import type { PublicName, Shown } from "../../publish/index.ts";
import type { Concern } from "../../report/words/concerns.ts";
import type { SnapshotGlance } from "../../snapshot/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { Ports } from "../context.ts";
import type { ReadHistory } from "../history/index.ts";
import { factsOf } from "../history/index.ts";

/** Existing trees that a check found damaged. */
export function concernsOfDamage(
  { mirror, working }: Ports<"mirror" | "working">,
  history: ReadHistory,
  targets: Readonly<Record<PublicName, Shown>>,
  snapshots: readonly SnapshotGlance[],
): readonly Concern[] {
  if ("unreadable" in history) return [];
  const known = knownDamage(history, workingMirrorName);
  const ofWorkingMirror = working.current() === undefined ? undefined : known.get(workingMirrorName);
  const damagedSnapshots = [...known].filter(([damaged]) => snapshots.some(({ name }) => name === damaged));
  return [
    ...(ofWorkingMirror === undefined
      ? []
      : [{ kind: "working-mirror-damaged" as const, mirror: mirror.id, ...factsOf(ofWorkingMirror) }]),
    ...damagedSnapshots.map(([name, damage]) => ({
      kind: "snapshot-damaged" as const,
      mirror: mirror.id,
      name,
      shownAs: publicNames.filter((link) => {
        const target = targets[link];
        return target.kind === "snapshot" && target.name === name;
      }),
      ...factsOf(damage),
    })),
  ];
}

const publicNames = ["production", "staging"] as const satisfies readonly PublicName[];
