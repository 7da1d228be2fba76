import type { Release } from "../repository/index.ts";
import { isFlat } from "./suite-root.ts";

/**
 * What a Release calls itself where that is not what was asked for, as apt sees it ("Conflicting distribution"); empty
 * where one of its names is, where it has none, and for a flat suite, which is asked for by its directory.
 */
export function foreignNames(
  { suite, codename }: Pick<Release, "suite" | "codename">,
  requested: string,
): readonly string[] {
  const names = [suite, codename].filter((name) => name !== undefined);
  const expected = requested.includes("/") ? requested.slice(0, requested.lastIndexOf("/")) : requested;
  return isFlat(requested) || names.includes(expected) ? [] : names;
}
