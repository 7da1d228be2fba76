import { isTable, type KeyPath, type Problem } from "../check.ts";
import type { ParsedFile } from "./parse-file.ts";

type Values = Readonly<Record<string, unknown>>;

export interface MergedFiles {
  readonly values: Values;
  /** Keys that several files set. */
  readonly problems: readonly Problem[];
}

/**
 * Merges files as if one followed the other: the keys of equal tables come together, and lists of tables, such as
 * [[notify]], are appended. Any other key belongs into one file. The first file wins, and the problem names both.
 */
export function mergeFiles(files: readonly ParsedFile[]): MergedFiles {
  const problems: Problem[] = [];
  const values = files.reduce<Values>((merged, { path, values: added }) => {
    const report = (key: KeyPath): void =>
      void problems.push({ kind: "repeated-key", path: key, file: path });
    return mergeTables(merged, added, [], report);
  }, {});
  return { values, problems };
}

function mergeTables(merged: Values, added: Values, path: KeyPath, report: (key: KeyPath) => void): Values {
  const result = new Map(Object.entries(merged));
  for (const [key, value] of Object.entries(added)) {
    const present = result.get(key);
    if (present === undefined) result.set(key, value);
    else if (isTable(present) && isTable(value))
      result.set(key, mergeTables(present, value, [...path, key], report));
    else if (isListOfTables(present) && isListOfTables(value)) result.set(key, [...present, ...value]);
    else report([...path, key]);
  }
  return Object.fromEntries(result);
}

export const isListOfTables = (value: unknown): value is readonly Values[] =>
  Array.isArray(value) && value.length > 0 && value.every(isTable);
