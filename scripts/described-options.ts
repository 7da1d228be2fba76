/** Reads the options of the configuration, for the reference page and the manual page. */
import type { Option, Table } from "../src/config/options/option.ts";
import { configTable } from "../src/config/options/options.ts";

export interface DescribedTable {
  /** As in the file, such as "[mirrors.<id>.filters]"; empty at the top. */
  readonly header: string;
  readonly help: string;
  readonly options: readonly DescribedOption[];
}

export interface DescribedOption extends Pick<Option, "type" | "help" | "env"> {
  readonly key: string;
  readonly default: string;
}

/** Returns each table once: those that a mirror has as the top has them are described as global ones. */
export function describedTables(): readonly DescribedTable[] {
  const { mirrors, notify, ...globals } = configTable.entries;
  return [
    describeTable("", configTable),
    ...Object.entries(globals).flatMap(([key, entry]) =>
      entry.kind === "table" ? tablesFrom(key, entry, new Set()) : [],
    ),
    ...tablesFrom("mirrors.<id>", mirrors.table, new Set(Object.values(globals))),
    describeTable("[[notify]]", notify.table),
  ];
}

/** Describes a table and those below it, without those that are described elsewhere. */
function tablesFrom(name: string, table: Table, described: ReadonlySet<unknown>): readonly DescribedTable[] {
  const below = Object.entries(table.entries).flatMap(([key, entry]) =>
    entry.kind === "table" && !described.has(entry) ? tablesFrom(`${name}.${key}`, entry, described) : [],
  );
  return [describeTable(`[${name}]`, table), ...below];
}

function describeTable(header: string, { help, entries }: Table): DescribedTable {
  const options = Object.entries(entries).flatMap(([key, entry]) =>
    entry.kind === "option" ? [{ ...entry, key, default: defaultOf(entry) }] : [],
  );
  return { header, help, options };
}

function defaultOf(option: Option): string {
  if (option.required === true) return "required";
  if (option.defaultText !== undefined) return option.defaultText;
  return option.default === undefined ? "unset" : `\`${JSON.stringify(option.default)}\``;
}

/** What holds for the whole file, in Markdown. */
export const rulesOfTheFile = [
  {
    label: "Several files.",
    text: "The files `conf.d/*.toml` beside the configuration file are read too, in the order of their names, as if they followed it: each may add mirrors, tables, and keys to tables. A key that two files set is a mistake. Names that begin with a dot, or end in anything else, are left alone. Each file is UTF-8.",
  },
  {
    label: "Order of precedence.",
    text: "Flags of a command win over the environment, and the environment over the files. A variable replaces the global key, so a key in the table of a mirror still applies to that mirror. An empty variable counts as not set. Lists are written with commas; true and false may be written 1 and 0.",
  },
  {
    label: "Empty values.",
    text: 'In `[log]`, `[tls]` and `[snapshot]`, `""` counts as not set, and so do empty lists of sections and architectures, as flat repositories have them.',
  },
  {
    label: "Variables",
    text: "such as `$(ARCH)` are not replaced; `url` and `suites` must not contain one.",
  },
  {
    label: "Paths.",
    text: "`~/` is the home directory of the user who runs mirrorctl. `dir` and the `path` of snapshots are absolute; the path of any other file may be relative to the folder of the configuration file, also in `conf.d`.",
  },
  { label: "Credentials", text: "of upstreams, and proxies: see [upstreams](upstreams.md)." },
  {
    label: "Durations",
    text: "are numbers with units: `ns`, `us`, `ms`, `s`, `m`, `h`, `d` (24 hours) and `w`, as in `30d`, `1.5h` or `2h30m`.",
  },
  {
    label: "Layouts of time",
    text: "are those of Go: they show how Monday, 2 January 2006, 15:04:05 would be written. Times are in UTC. `2006-01-02` makes one name a day: a second snapshot of that day is `2026-11-02-2`, the next `2026-11-02-3`.",
  },
] as const;
