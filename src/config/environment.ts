import type * as v from "valibot";
import { isTable, type KeyPath } from "./check.ts";
import type { Table } from "./options/option.ts";

export interface Override {
  readonly path: KeyPath;
  readonly variable: string;
  readonly value: unknown;
}

/**
 * Returns the options that the environment sets, as values of the file. An empty variable counts as not set. A text
 * that cannot be converted stays a text, so that the check of the option refuses it.
 */
export function readOverrides(table: Table, env: Readonly<Record<string, string | undefined>>): Override[] {
  return declaredVariables(table).flatMap(({ path, variable, schema }) => {
    const text = env[variable];
    if (text === undefined || text === "") return [];
    return [{ path, variable, value: fromText(text, schema) }];
  });
}

/** Returns a copy of the file's values with the overrides applied. */
export function applyOverrides(values: Record<string, unknown>, overrides: readonly Override[]): unknown {
  const result = { ...values };
  for (const { path, value } of overrides) {
    const [first = "", second] = path.map(String);
    if (second === undefined) {
      result[first] = value;
    } else if (result[first] === undefined || isTable(result[first])) {
      result[first] = { ...result[first], [second]: value };
    }
  }
  return result;
}

interface Variable {
  readonly path: KeyPath;
  readonly variable: string;
  readonly schema: v.GenericSchema;
}

/** Returns the variables. Only global options have one: a mirror's own tables are more specific. */
function declaredVariables(table: Table, path: KeyPath = []): Variable[] {
  return Object.entries(table.entries).flatMap(([key, entry]) => {
    if (entry.kind === "table") return declaredVariables(entry, [...path, key]);
    if (entry.kind !== "option" || entry.env === undefined) return [];
    return [{ path: [...path, key], variable: entry.env, schema: entry.schema }];
  });
}

const booleans: Readonly<Record<string, boolean>> = { true: true, "1": true, false: false, "0": false };

/** Converts a text to the type of its schema. A pipe has the type of its first part. */
function fromText(text: string, schema: v.GenericSchema): unknown {
  switch (schema.type) {
    case "number":
      return /^\d+$/.test(text) ? Number(text) : text;
    case "boolean":
      return booleans[text] ?? text;
    case "array":
      return text.split(",").map((item) => item.trim());
    default:
      return text;
  }
}
