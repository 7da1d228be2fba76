import { countOf } from "../../report/units.ts";

/** "3 files …: a, b, c": nothing of none, and of many the first. */
export function remarkOn(paths: readonly string[], what: string): readonly string[] {
  if (paths.length === 0) return [];
  const shown = paths.slice(0, 3).join(", ");
  return [`${countOf(paths.length, "file")} ${what}: ${shown}${paths.length > 3 ? ", …" : ""}`];
}
