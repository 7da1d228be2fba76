import { join } from "node:path";
import { mapBounded } from "../../../platform/map-bounded.ts";
import type { MirrorContext } from "../../context.ts";
import type { Damage } from "../checks/findings.ts";
import { downloadWhileReachable, type ObtainPorts, obtainBytes } from "./obtain-bytes.ts";
import type { Repair } from "./plan-repairs.ts";
import { leftBecause, type RepairResult } from "./repair-result.ts";
import { type Failures, RepairRooms, replaceNames } from "./replace-names.ts";

export interface ApplyPorts extends ObtainPorts, Pick<MirrorContext, "signal" | "emit"> {}

export interface Applied {
  readonly results: ReadonlyMap<Damage, RepairResult>;
  /** Names that could not be replaced. */
  readonly failures: Failures;
}

/**
 * Obtains the right bytes of all repairs, then gives them to the targets, in whichever trees these are. A repair that fails
 * does not keep others from being applied.
 */
export async function applyRepairs(ports: ApplyPorts, repairs: readonly Repair[]): Promise<Applied> {
  const { layout, source, signal, emit } = ports;
  await using rooms = new RepairRooms();
  const download = downloadWhileReachable(source);
  const attempts = await mapBounded(repairs.entries(), source.maxConns, async ([index, repair]) => {
    const open = async () => join((await rooms.open(layout.trees)).path, `bytes-${index}`);
    return { repair, bytes: await obtainBytes(ports, repair, open, download) };
  });
  const obtained = attempts.flatMap(({ repair, bytes }) =>
    bytes.kind === "obtained" ? [{ repair, healthy: bytes.path, targets: repair.targets }] : [],
  );
  for (const { repair } of obtained) for (const event of repair.leftAlone) emit(event);
  const failures = await replaceNames(rooms, obtained, signal);
  const results = new Map<Damage, RepairResult>();
  for (const { repair, bytes } of attempts) {
    const { file, damages } = repair.content;
    const names = repair.targets.filter(({ tree, path }) => !failures.has(join(tree, path))).length;
    for (const damage of damages) {
      const failure = failures.get(join(damage.tree.path, damage.file.path));
      if (bytes.kind === "left") results.set(damage, bytes);
      else results.set(damage, leftBecause(failure, file) ?? { kind: "repaired", from: bytes.from, names });
    }
  }
  return { results, failures };
}
