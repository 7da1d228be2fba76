import * as v from "valibot";
import { ConfigError } from "../errors.ts";

/** One key: its valid values, its description, and its other sources. */
export interface Option {
  readonly kind: "option";
  readonly schema: v.GenericSchema;
  /** The valid values as a noun phrase: the end of "expected …", and a cell of the reference page. */
  readonly type: string;
  readonly help: string;
  readonly required?: boolean;
  /** As written in the file. */
  readonly default?: unknown;
  /** For the reference page, if the default is not one value. */
  readonly defaultText?: string;
  /** The kind of file at the path. */
  readonly names?:
    | "public-keys"
    | "profile"
    | "certificates"
    | "certificate"
    | "private-key"
    | "secret"
    | "metrics"
    | "directory";
  /** The environment variable that overrides the file. */
  readonly env?: string;
  /** An empty text or list counts as not set, as in the Go version and its examples. */
  readonly emptyIsUnset?: "text" | "list";
  /** A refused value is not shown. */
  readonly isSecret?: boolean;
  /** Advice on a refused value, if there is more to say than `type`. */
  readonly advise?: (value: unknown) => string | undefined;
}

/** A table with a fixed set of keys. */
export interface Table {
  readonly kind: "table";
  readonly help: string;
  readonly entries: Entries;
  /** Advice for keys of other tools, by that key in lower case without "-" and "_". */
  readonly words?: Readonly<Record<string, string>>;
}

/** A table whose keys the administrator chooses; each value is a `table`. */
export interface NamedTables {
  readonly kind: "named-tables";
  readonly parseName: (name: string) => string;
  readonly table: Table;
}

/** A table that may be there several times, as `[[name]]`. */
export interface TableList {
  readonly kind: "table-list";
  readonly table: Table;
}

export type Entry = Option | Table | NamedTables | TableList;
type Entries = Readonly<Record<string, Entry>>;

/** The values of a checked file: those that it sets, including all required ones. */
export type Given<E extends Entry> = E extends { schema: infer Schema extends v.GenericSchema }
  ? v.InferOutput<Schema>
  : E extends { entries: infer Members extends Entries }
    ? { readonly [K in keyof Members as IsRequired<Members[K], K>]: Given<Members[K]> } & {
        readonly [K in keyof Members]?: Given<Members[K]>;
      }
    : E extends { kind: "table-list"; table: infer Listed extends Table }
      ? readonly Given<Listed>[]
      : E extends { table: infer Named extends Table }
        ? ReadonlyMap<string, Given<Named>>
        : never;
type IsRequired<E, K> = E extends { required: true } ? K : never;

/** The options of a table, each with its value or its default. */
export type Settled<T extends Table> = {
  readonly [K in keyof T["entries"] as T["entries"][K] extends Option ? K : never]:
    | Given<T["entries"][K]>
    | (T["entries"][K] extends { default: unknown } | { required: true } ? never : undefined);
};

export function option<
  const Schema extends v.GenericSchema,
  const Details extends Omit<Option, "kind" | "schema" | "default"> & {
    default?: Readonly<v.InferInput<Schema>>;
  },
>(schema: Schema, details: Details): { kind: "option"; schema: Schema } & Details {
  return { kind: "option", schema, ...details };
}

export function table<const Members extends Entries>(
  help: string,
  entries: Members,
  words: Readonly<Record<string, string>> = {},
) {
  return { kind: "table", help, entries, words } as const;
}

/** Makes a schema of texts that `parse` converts, or refuses with a ConfigError. */
export function parsed<Output>(parse: (text: string) => Output): v.GenericSchema<string, Output> {
  return v.pipe(
    v.string(),
    v.rawTransform<string, Output>(({ dataset, addIssue, NEVER }) => {
      try {
        return parse(dataset.value);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        addIssue({ message: error.message });
        return NEVER;
      }
    }),
  );
}

/** Makes a schema of lists, and removes duplicates. */
export function listOf<Output>(item: v.GenericSchema<string, Output>): v.GenericSchema<string[], Output[]> {
  return v.pipe(
    v.array(item),
    v.transform((values) => [...new Set(values)]),
  );
}

/** Makes a schema of lists with at least one item, or of the item alone. */
export function oneOrMoreOf<Output>(
  item: v.GenericSchema<string, Output>,
): v.GenericSchema<string | string[], Output[]> {
  const one = v.pipe(
    item,
    v.transform((value) => [value]),
  );
  const more = v.pipe(listOf(item), v.minLength(1));
  return v.lazy(
    (input) => (Array.isArray(input) ? more : one) as v.GenericSchema<string | string[], Output[]>,
  );
}

/** Combines layers: later ones win, key by key, and the default applies if no layer has the key. */
export function settle<T extends Table>(
  of: T,
  ...layers: readonly (Partial<Given<T>> | undefined)[]
): Settled<T> {
  const said: Readonly<Record<string, unknown>> = Object.assign({}, ...layers);
  const options = Object.entries(of.entries).filter(([, entry]) => entry.kind === "option") as [
    string,
    Option,
  ][];
  return Object.fromEntries(
    options.map(([key, { schema, default: byDefault }]) => [
      key,
      said[key] ?? (byDefault === undefined ? undefined : v.parse(schema, byDefault)),
    ]),
  ) as Settled<T>;
}
