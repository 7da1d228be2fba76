import { isTable, type KeyPath } from "./check.ts";
import type { Entry, Option } from "./options/option.ts";
import { expandPath, type PathBase } from "./values/paths.ts";

/** A file or directory that the configuration names. */
export interface NamedPath {
  /** The key that names it. */
  readonly key: KeyPath;
  readonly holds: NonNullable<Option["names"]>;
  /** Absolute and normalised. */
  readonly path: string;
}

/** Lists the paths in `values`, in the order of the options. Leaves out values of the wrong type. */
export function namedPaths(entry: Entry, values: unknown, base: PathBase, key: KeyPath = []): NamedPath[] {
  switch (entry.kind) {
    case "option":
      return entry.names === undefined ? [] : pathsOfOption(entry.names, values, base, key);
    case "table":
      return membersOf(values).flatMap(([name, value]) => {
        const member = Object.hasOwn(entry.entries, name) ? entry.entries[name] : undefined;
        return member === undefined ? [] : namedPaths(member, value, base, [...key, name]);
      });
    case "named-tables":
      return membersOf(values).flatMap(([name, value]) =>
        namedPaths(entry.table, value, base, [...key, name]),
      );
    case "table-list":
      return (Array.isArray(values) ? values : []).flatMap((value: unknown, index) =>
        namedPaths(entry.table, value, base, [...key, index]),
      );
    default:
      return entry satisfies never;
  }
}

const membersOf = (value: unknown): [string, unknown][] => (isTable(value) ? Object.entries(value) : []);

function pathsOfOption(holds: NamedPath["holds"], value: unknown, base: PathBase, key: KeyPath): NamedPath[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => pathsOfOption(holds, item, base, [...key, index]));
  return typeof value === "string" && value !== "" ? [{ key, holds, path: expandPath(value, base) }] : [];
}
