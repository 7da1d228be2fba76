import * as v from "valibot";
import { ConfigError, maskCredentials } from "./errors.ts";
import { nearest } from "./options/nearest.ts";
import type { Entry, NamedTables, Option, Table, TableList } from "./options/option.ts";

/** Keys from the top of the file to a value. A number is an index in a list. */
export type KeyPath = readonly (string | number)[];

export type Problem =
  | { readonly kind: "unknown-key"; readonly path: KeyPath; readonly suggestion: string }
  | { readonly kind: "missing-key"; readonly path: KeyPath; readonly expected: string }
  | { readonly kind: "bad-value"; readonly path: KeyPath; readonly fault: string }
  /** A key of another file of the configuration, again in `file`. */
  | { readonly kind: "repeated-key"; readonly path: KeyPath; readonly file: string }
  /** In a file that no key names. The fault begins with the name of the file. */
  | { readonly kind: "other-file"; readonly path: readonly []; readonly fault: string };

export type Report = (problem: Problem) => void;

/** Checks a value against its entry in the table and converts it. Reports and leaves out whatever is wrong. */
export function checkEntry(entry: Entry, value: unknown, path: KeyPath, report: Report): unknown {
  switch (entry.kind) {
    case "option":
      return checkOption(entry, value, path, report);
    case "table":
      return checkTable(entry, value, path, report);
    case "named-tables":
      return checkNamedTables(entry, value, path, report);
    case "table-list":
      return checkTableList(entry, value, path, report);
    default:
      return entry satisfies never;
  }
}

export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Returns the value at a path, as the file has it. */
export function valueAt(values: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, values);
}

function checkTable(table: Table, value: unknown, path: KeyPath, report: Report): unknown {
  if (!isTable(value)) return reportType("a table", value, path, report);
  const checked: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const entry = Object.hasOwn(table.entries, key) ? table.entries[key] : undefined;
    if (entry === undefined)
      report({ kind: "unknown-key", path: [...path, key], suggestion: suggest(key, table) });
    else if (!isUnset(entry, member)) checked[key] = checkEntry(entry, member, [...path, key], report);
  }
  for (const [key, entry] of Object.entries(table.entries)) {
    if (entry.kind === "option" && entry.required === true && !Object.hasOwn(value, key)) {
      report({ kind: "missing-key", path: [...path, key], expected: entry.type });
    }
  }
  return checked;
}

function isUnset(entry: Entry, value: unknown): boolean {
  if (entry.kind !== "option") return false;
  const { emptyIsUnset } = entry;
  if (emptyIsUnset === "list") return Array.isArray(value) && value.length === 0;
  return emptyIsUnset === "text" && value === "";
}

function checkNamedTables(named: NamedTables, value: unknown, path: KeyPath, report: Report): unknown {
  if (!isTable(value)) return reportType("tables", value, path, report);
  const checked = new Map<string, unknown>();
  for (const [name, member] of Object.entries(value)) {
    try {
      named.parseName(name);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      report({ kind: "bad-value", path: [...path, name], fault: error.message });
    }
    const table = checkTable(named.table, member, [...path, name], report);
    if (table !== undefined) checked.set(name, table);
  }
  return checked;
}

/** Keeps the places of the tables: one that is not a table is an empty one. */
function checkTableList({ table }: TableList, value: unknown, path: KeyPath, report: Report): unknown {
  if (!Array.isArray(value)) return reportType(`tables, each as [[${path.join(".")}]]`, value, path, report);
  return value.map((member, index) => checkTable(table, member, [...path, index], report) ?? {});
}

function checkOption(option: Option, value: unknown, path: KeyPath, report: Report): unknown {
  const result = v.safeParse(option.schema, value);
  if (result.success) return result.output;
  for (const issue of result.issues) {
    const inner = (issue.path ?? []).map((item) => item.key as string | number);
    report({ kind: "bad-value", path: [...path, ...inner], fault: faultOf(option, issue) });
  }
  return undefined;
}

function faultOf(option: Option, issue: v.BaseIssue<unknown>): string {
  if (issue.type === "raw_transform") return issue.message; // of a parser, whose message is complete
  if (option.isSecret === true) return `expected ${option.type}; the value is not shown`;
  const advice = option.advise?.(issue.input);
  const isItem = issue.type === "picklist" && issue.path !== undefined;
  const expected = isItem ? option.type.replace(/^a list of /, "one of ") : option.type;
  const fault = `found ${describe(issue.input)}, expected ${expected}`;
  return advice === undefined ? fault : `${fault}: ${advice}`;
}

function reportType(expected: string, value: unknown, path: KeyPath, report: Report): undefined {
  report({ kind: "bad-value", path, fault: `found ${describe(value)}, expected ${expected}` });
}

/** Describes a value of TOML in words. */
function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(maskCredentials(value));
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (value instanceof Date) return `the date or time ${value.toISOString()}`;
  return isTable(value) ? "a table" : String(value);
}

/**
 * Suggests what to write instead of a key: the advice for that word of another tool, the nearest key of this table, the
 * key of that name in a table below it, or all keys.
 */
function suggest(key: string, table: Table): string {
  const keys = Object.keys(table.entries);
  const known = wordIn(table, key);
  if (known !== undefined) return known;
  const meant = nearest(key, keys) ?? findBelow(key, table);
  return meant === undefined ? `known here: ${keys.join(", ")}` : `did you mean ${meant}?`;
}

function wordIn({ words = {} }: Table, key: string): string | undefined {
  const word = key.toLowerCase().replaceAll(/[-_]/g, "");
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

function findBelow(key: string, table: Table): string | undefined {
  if (Object.hasOwn(table.entries, key)) return key;
  for (const [name, entry] of Object.entries(table.entries)) {
    if (entry.kind === "option") continue;
    const below = entry.kind === "table" ? entry : entry.table;
    const found = findBelow(key, below);
    if (found !== undefined) return `${entry.kind === "named-tables" ? `${name}.<id>` : name}.${found}`;
  }
  return undefined;
}
