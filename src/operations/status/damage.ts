import { type KnownDamage, knownDamage } from "../../history/index.ts";
import type { PublicName, Shown } from "../../publish/index.ts";
import type { Concern } from "../../report/words/concerns.ts";
import type { MirrorContext } from "../context.ts";
import type { ReadHistory } from "../history/index.ts";
import { factsOf } from "../history/index.ts";
import { workingMirrorName } from "../working-mirror-name.ts";

/** Trees that are there and that a check found damaged. */
export async function concernsOfDamage(
  { mirror, working, catalog }: MirrorContext,
  history: ReadHistory,
  targets: Readonly<Record<PublicName, Shown>>,
): Promise<readonly Concern[]> {
  if ("unreadable" in history) return [];
  const known = knownDamage(history, workingMirrorName);
  const ofWorkingMirror = working.current() === undefined ? undefined : known.get(workingMirrorName);
  const damagedSnapshots: (readonly [string, KnownDamage])[] = [];
  for (const [name, damage] of known)
    if (name !== workingMirrorName && (await catalog.find(name)) !== undefined)
      damagedSnapshots.push([name, damage]);
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
