import type { KeyPath, Report } from "./check.ts";
import type { GivenConfig, GivenMirror } from "./options/options.ts";

/** The tables of gates, without missing and wrong values. */
interface DraftGates {
  readonly gates?: GivenConfig["gates"];
  readonly mirrors?: ReadonlyMap<string, Pick<Partial<GivenMirror>, "gates">> | undefined;
}

/** Checks that the mirrors of `with` exist, and that none is the mirror of its own table. */
export function checkGates(draft: DraftGates, report: Report): void {
  const ids = [...(draft.mirrors?.keys() ?? [])];
  checkWith(["gates", "with"], draft.gates?.with, ids, report);
  for (const [id, { gates }] of draft.mirrors ?? []) {
    const others = ids.filter((other) => other !== id);
    checkWith(["mirrors", id, "gates", "with"], gates?.with, others, report);
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
