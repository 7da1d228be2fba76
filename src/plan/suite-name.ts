import type { Release } from "../repository/index.ts";
import { isFlat } from "./suite-root.ts";

/**
 * Returns the names of a Release if none of them is the one that was asked for, as apt compares them ("Conflicting
 * distribution"): with the whole suite, or without its last part, as in "stable/updates". None for a flat suite, which is
 * asked for by its directory.
 */
export function foreignNames(
  { suite, codename }: Pick<Release, "suite" | "codename">,
  requested: string,
): readonly string[] {
  const names = [suite, codename].filter((name) => name !== undefined);
  const expected = [requested, requested.slice(0, Math.max(0, requested.lastIndexOf("/")))];
  return isFlat(requested) || names.some((name) => expected.includes(name)) ? [] : names;
}
