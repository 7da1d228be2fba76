import type { Detail } from "../../../gates/index.ts";

/**
 * Orders details so that the first packages of all changes come first: one removal may break hundreds of packages, and must
 * not hide what else is broken. The first package of a change says how many others it breaks.
 */
export function byChange(details: readonly Detail[]): readonly Detail[] {
  const groups = Map.groupBy(details, changeOf);
  const ranked = [...groups].flatMap(([change, group]) =>
    group.map((detail, rank) => ({
      rank,
      detail:
        rank === 0 && group.length > 1 && change !== undefined
          ? { ...detail, alsoBreaks: group.length - 1 }
          : detail,
    })),
  );
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ detail }) => detail);
}

function changeOf(detail: Detail): string | undefined {
  if (detail.kind !== "uninstallable" || detail.change === undefined) return undefined;
  const { name, before, after } = detail.change;
  return [detail.machine, name, before, after].join(" ");
}
