export type DraftValue = string | number | boolean | readonly string[];

/** A table of a file of TOML, or the keys above the first one. */
export interface TableDraft {
  /** Dotted, such as "mirrors.a.filters"; undefined for the keys above the first table. */
  readonly name: string | undefined;
  /** Lines of comments above it. */
  readonly about?: readonly string[];
  /** In the order in which they are written. */
  readonly values: Readonly<Record<string, DraftValue>>;
  /** What to know about a value, above its line. */
  readonly notes?: Readonly<Record<string, string>>;
}

/** Writes a table, each line with its end. */
export function formatTable({ name, about = [], values, notes = {} }: TableDraft): string {
  const noteOf = new Map(Object.entries(notes));
  const lines = Object.entries(values).flatMap(([key, value]) => {
    const note = noteOf.get(key);
    return [...(note === undefined ? [] : [comment(note)]), `${key} = ${toml(value)}`];
  });
  return [...about.map(comment), ...(name === undefined ? [] : [`[${name}]`]), ...lines]
    .map((line) => `${line}\n`)
    .join("");
}

/** A comment ends with its line. TOML allows no control characters in it, and people read no turned text. */
const comment = (text: string): string =>
  text === "" ? "#" : `# ${text.toWellFormed().replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, " ")}`;

export function toml(value: DraftValue): string {
  if (typeof value === "object") return `[${value.map(toml).join(", ")}]`;
  if (typeof value !== "string") return String(value);
  // A basic string of TOML has the escapes of JSON. DEL must be escaped too, and a lone surrogate is not a character.
  return JSON.stringify(value.toWellFormed()).replaceAll("\u007f", String.raw`\u007f`);
}
