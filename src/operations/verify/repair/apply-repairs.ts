import { join } from "node:path";
import { mapBounded } from "../../../platform/flow/map-bounded.ts";
import type { Damage } from "../checks/findings.ts";
import { downloadWhileReachable, obtainBytes } from "./obtain-bytes.ts";
import type { Repair } from "./plan-repairs.ts";
import type { RepairPorts } from "./repair-ports.ts";
import { leftBecause, type RepairResult } from "./repair-result.ts";
import { RepairRooms, replaceNames } from "./replace-names.ts";

/**
 * Obtains the right bytes of all repairs, then gives them to the targets, in whichever trees these are. A repair that fails
 * does not keep others from being applied.
 */
export async function applyRepairs(
  ports: RepairPorts,
  repairs: readonly Repair[],
): Promise<{
  readonly results: ReadonlyMap<Damage, RepairResult>;
  /** Why names could not be replaced, by their absolute paths. */
  readonly failures: ReadonlyMap<string, Error>;
}> {
  const { layout, source, signal, emit } = ports;
  await using rooms = new RepairRooms();
  const download = downloadWhileReachable(source);
  const attempts = await mapBounded(repairs.entries(), source.maxConns, async ([index, repair]) => {
    const open = async () => join((await rooms.open(layout.trees)).path, `bytes-${index}`);
    return { repair, bytes: await obtainBytes(ports, repair, open, download) };
  });
  const obtained = attempts.flatMap(({ repair, bytes }) =>
    bytes.kind === "obtained" ? [{ ...repair, healthy: bytes.path }] : [],
  );
  for (const event of obtained.flatMap(({ leftAlone }) => leftAlone)) emit(event);
  const failures = await replaceNames(rooms, obtained, signal);
  const results = new Map<Damage, RepairResult>();
  for (const { repair, bytes } of attempts) {
    const { file, damages } = repair;
    const names = repair.targets.filter(({ tree, path }) => !failures.has(join(tree, path))).length;
    for (const damage of damages) {
      const failure = failures.get(join(damage.tree.path, damage.file.path));
      if (bytes.kind === "left") results.set(damage, bytes);
      else results.set(damage, leftBecause(failure, file) ?? { kind: "repaired", from: bytes.from, names });
    }
  }
  return { results, failures };
}
