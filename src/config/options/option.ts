import * as v from "valibot";
import { ConfigError } from "../errors.ts";

/** One key: what its value has to be, how it is described, and where else than in the file it can be said. */
export interface Option {
  readonly kind: "option";
  readonly schema: v.GenericSchema;
  /** What the value is, as a noun phrase: the end of "expected …", and a cell of the reference page. */
  readonly type: string;
  readonly help: string;
  readonly required?: boolean;
  /** As it would be written in the file. */
  readonly default?: unknown;
  /** For the reference page, where a default is not one value. */
  readonly defaultText?: string;
  /** What is at the path that this names. */
  readonly names?: "public-keys" | "certificates" | "certificate" | "private-key" | "directory";
  /** The environment variable that overrides the file. */
  readonly env?: string;
  /** An empty text, or an empty list, counts as not set, as it does in the Go version and its examples. */
  readonly emptyIsUnset?: "text" | "list";
  /** What to write instead of a value that was refused, where more can be said than `type` says. */
  readonly advise?: (value: unknown) => string | undefined;
}

/** A table with a fixed set of keys. */
export interface Table {
  readonly kind: "table";
  readonly help: string;
  readonly entries: Entries;
  /** What to write instead of a key that other tools have, by that key in lower case without "-" and "_". */
  readonly words?: Readonly<Record<string, string>>;
}

/** A table whose keys the administrator chooses; each value is a `table`. */
export interface NamedTables {
  readonly kind: "named-tables";
  readonly parseName: (name: string) => string;
  readonly table: Table;
}

export type Entry = Option | Table | NamedTables;
type Entries = Readonly<Record<string, Entry>>;

/** What a checked file says: only what is there, and what is required. */
export type Given<E extends Entry> = E extends { schema: infer Schema extends v.GenericSchema }
  ? v.InferOutput<Schema>
  : E extends { entries: infer Members extends Entries }
    ? { readonly [K in keyof Members as IsRequired<Members[K], K>]: Given<Members[K]> } & {
        readonly [K in keyof Members]?: Given<Members[K]>;
      }
    : E extends { table: infer Named extends Table }
      ? ReadonlyMap<string, Given<Named>>
      : never;
type IsRequired<E, K> = E extends { required: true } ? K : never;

/** The options of a table, each with its value or its default. */
type Settled<T extends Table> = {
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

/** A text that `parse` turns into a value, or refuses with a ConfigError. */
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

/** A list, without what it says twice. */
export function listOf<Output>(item: v.GenericSchema<string, Output>): v.GenericSchema<string[], Output[]> {
  return v.pipe(
    v.array(item),
    v.transform((values) => [...new Set(values)]),
  );
}

/** A list with at least one item, or the item alone. */
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

/** Later layers win, key by key; where no layer says anything, the default of the table. */
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
