import { formatSpan } from "../report/units.ts";
import type { KeyPath, Report } from "./check.ts";
import { gatesTable } from "./options/gate-options.ts";
import { settle } from "./options/option.ts";
import type { GivenConfig, GivenMirror } from "./options/options.ts";

/** The tables of gates, without missing and wrong values. */
interface DraftGates {
  readonly gates?: GivenConfig["gates"];
  readonly mirrors?: ReadonlyMap<string, Pick<Partial<GivenMirror>, "gates" | "filters">> | undefined;
}

/** Reports mirrors of `with` that do not exist or that the table is of, and gates that no snapshot can ever pass. */
export function checkGates(draft: DraftGates, report: Report): void {
  const ids = [...(draft.mirrors?.keys() ?? [])];
  checkWith(["gates", "with"], draft.gates?.with, ids, report);
  for (const [id, { gates, filters }] of draft.mirrors ?? []) {
    const others = ids.filter((other) => other !== id);
    checkWith(["mirrors", id, "gates", "with"], gates?.with, others, report);
    checkLimits({ id, global: draft.gates, own: gates, filters }, report);
  }
}

interface GatesOfMirror {
  readonly id: string;
  readonly global: GivenConfig["gates"];
  readonly own: GivenConfig["gates"];
  readonly filters: GivenMirror["filters"];
}

function checkLimits({ id, global, own, filters }: GatesOfMirror, report: Report): void {
  const gates = settle(gatesTable, global, own);
  const refuse = (key: keyof NonNullable<GivenConfig["gates"]>, fault: string): void => {
    const path = own?.[key] === undefined ? ["gates", key] : ["mirrors", id, "gates", key];
    report({ kind: "bad-value", path, fault });
  };
  for (const name of gates.require_packages ?? []) {
    const pattern = filters?.exclude_patterns?.find((one) => one.test(name));
    if (pattern === undefined) continue;
    const fault = `found ${JSON.stringify(name)}, which ${pattern.source} in exclude_patterns of ${id} leaves out: no snapshot can have it`;
    refuse("require_packages", fault);
  }
  const { min_staged: stagedMs = 0, max_release_age: ageMs = 0 } = gates;
  if (ageMs > 0 && stagedMs >= ageMs) {
    const fault = `found ${formatSpan(stagedMs)}, expected less than max_release_age, which is ${formatSpan(ageMs)}: a Release is older than its staging, so that no snapshot can pass`;
    refuse("min_staged", fault);
  }
}

function checkWith(
  path: KeyPath,
  given: readonly string[] | undefined,
  known: readonly string[],
  report: Report,
): void {
  for (const [at, id] of (given ?? []).entries()) {
    if (known.includes(id)) continue;
    const expected = known.length === 0 ? "nothing: there is no other mirror" : known.join(", ");
    const fault = `found ${JSON.stringify(id)}, expected another mirror of this file: ${expected}`;
    report({ kind: "bad-value", path: [...path, at], fault });
  }
}
