import type { ConfigInspection, KeyPath, Problem } from "../../config/index.ts";
import type { CriterionOf, GateName } from "../../gates/index.ts";
import { ifAllowed } from "../../platform/look.ts";
import { formatSpan } from "../../report/units.ts";
import { readSuiteRelease } from "../../snapshot/index.ts";
import type { MirrorContext, Ports } from "../context.ts";

/** Finds gates that no snapshot can pass, by what is on this machine. */
export function checkGates(context: MirrorContext, { isGiven }: ConfigInspection): readonly Problem[] {
  const keyOf = (...below: KeyPath): KeyPath => {
    const own = ["mirrors", context.mirror.id, "gates", ...below];
    return isGiven(own) ? own : own.slice(2);
  };
  return [...checkPrograms(context, keyOf), ...checkTimes(context, keyOf)];
}

type KeyOf = (...below: KeyPath) => KeyPath;

const find = <Name extends GateName>(
  { mirror }: Ports<"mirror">,
  gate: Name,
): CriterionOf<Name> | undefined =>
  mirror.criteria.find((one): one is CriterionOf<Name> => one.gate === gate);

function checkPrograms(context: MirrorContext, keyOf: KeyOf): readonly Problem[] {
  const commands = find(context, "commands")?.commands ?? [];
  return commands.flatMap(([program], index) => {
    if (context.programs.find(program) !== undefined) return [];
    const fault = `found ${JSON.stringify(program)}, and there is no such program that this user may run`;
    return [{ kind: "bad-value", path: keyOf("commands", index, 0), fault } as const];
  });
}

/** Checks that the Release of a suite is valid for long enough, by what the last sync found. */
function checkTimes(context: MirrorContext, keyOf: KeyOf): readonly Problem[] {
  const { mirror, working } = context;
  const stagedMs = find(context, "min_staged")?.stagedMs ?? 0;
  const leftMs = find(context, "min_validity")?.leftMs ?? 0;
  const generation = stagedMs + leftMs > 0 ? ifAllowed(() => working.current()) : undefined;
  if (generation === undefined) return [];
  const limits = [
    ...(stagedMs > 0 ? [`min_staged (${formatSpan(stagedMs)})`] : []),
    ...(leftMs > 0 ? [`min_validity (${formatSpan(leftMs)})`] : []),
  ];
  return mirror.suites.flatMap((suite) => {
    const { date, validUntil } = readSuiteRelease(generation.path, suite) ?? {};
    if (date === undefined || validUntil === undefined) return [];
    const validMs = validUntil.getTime() - date.getTime();
    if (stagedMs + leftMs <= validMs) return [];
    const fault = `${suite} of ${mirror.id} is valid for ${formatSpan(validMs)} from its Date: with ${limits.join(" and ")} no snapshot can pass`;
    return [{ kind: "bad-value", path: keyOf(stagedMs > 0 ? "min_staged" : "min_validity"), fault } as const];
  });
}
