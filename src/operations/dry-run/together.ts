import { addSpace, noSpace, type Space, shortagesOf } from "../../plan/index.ts";
import { nearestExisting, statIfAny } from "../../platform/look.ts";
import { spaceOfObjects, withOwn } from "../sync/index.ts";
import type { DryRunContext, PlaceShortage } from "./dry-run-context.ts";
import { type Forecast, namedObjects } from "./forecast.ts";

/** Finds file systems on which several mirrors do not fit together. Counts shared objects once. */
export function shortagesTogether(
  { layout, freeSpace }: Pick<DryRunContext, "layout" | "freeSpace">,
  forecasts: readonly Forecast[],
): readonly PlaceShortage[] {
  const objects = new Map<string, number>();
  for (const forecast of forecasts) for (const [name, size] of forecast.objects) objects.set(name, size);
  const places = [
    { path: layout.dir, space: spaceOfObjects(layout, namedObjects(objects)) },
    ...forecasts.flatMap(({ others }) => others),
  ];
  const disks = new Map<number | undefined, { readonly path: string; needed: Space }>();
  for (const { path, space } of places) {
    const device = statIfAny(nearestExisting(path))?.dev;
    const disk = disks.get(device) ?? { path, needed: noSpace };
    disk.needed = addSpace(disk.needed, space);
    disks.set(device, disk);
  }
  return [...disks.values()].flatMap(({ path, needed }) =>
    shortagesOf(withOwn(needed), freeSpace(path)).map((shortage) => ({ path, ...shortage })),
  );
}
