import { buildEntry, EntryError, type WrittenOption } from "./build-entry.ts";
import { parseSwitch, type SourceEntry } from "./source-entry.ts";

/** A field of a stanza: its name as written, and its lines without blanks around them. */
interface Field {
  readonly name: string;
  readonly line: number;
  readonly lines: string[];
}

/** Lines of a file that belong together; comments are left out. */
export interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/** Splits a file of stanzas at empty lines. A line that begins with "#" is a comment, also inside a stanza. */
export function splitStanzas(lines: readonly string[]): readonly (readonly NumberedLine[])[] {
  const stanzas: NumberedLine[][] = [[]];
  for (const [index, text] of lines.entries()) {
    if (text.startsWith("#")) continue;
    if (text.trim() === "") stanzas.push([]);
    else stanzas.at(-1)?.push({ line: index + 1, text });
  }
  return stanzas.filter(({ length }) => length > 0);
}

/** Reads one stanza of a .sources file. Throws EntryError, or LineError if it is one line that cannot be read. */
export function parseSourceStanza(lines: readonly NumberedLine[]): SourceEntry {
  const fields = readFields(lines);
  const wordsOf = (name: string): string[] => {
    const found = fields.get(name);
    return found === undefined
      ? []
      : found.lines.flatMap((line) => line.split(/\s+/)).filter((word) => word !== "");
  };
  const [types, uris, suites] = ["types", "uris", "suites"].map((name) => {
    const words = wordsOf(name);
    if (words.length > 0) return words;
    throw new EntryError(`the stanza has no ${fieldNames[name] ?? name}`);
  });
  const enabled = fields.get("enabled")?.lines.join(" ");
  return buildEntry({
    line: lines[0]?.line ?? 1,
    enabled: enabled === undefined || parseSwitch(enabled) !== false,
    types: types ?? [],
    uris: uris ?? [],
    suites: suites ?? [],
    components: wordsOf("components"),
    options: [...fields]
      .filter(([name]) => fieldNames[name] === undefined)
      .map(([, field]) => optionOf(field)),
  });
}

/** A line of a stanza that cannot be read. */
export class LineError extends EntryError {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** All other fields are options. */
const fieldNames: Readonly<Record<string, string | undefined>> = {
  types: "Types",
  uris: "URIs",
  suites: "Suites",
  components: "Components",
  enabled: "Enabled",
};

/** Returns the fields by their names in lower case. Of two with one name, the last counts. */
function readFields(lines: readonly NumberedLine[]): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  let open: Field | undefined;
  for (const { line, text } of lines) {
    if (/^\s/.test(text)) {
      if (open === undefined) throw new LineError(line, "a continuation of no field");
      open.lines.push(text.trim());
      continue;
    }
    const [, name, value] = /^([A-Za-z][!-9;-~]*)\s*:(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new LineError(line, "a line without colon");
    open = { name, line, lines: value.trim() === "" ? [] : [value.trim()] };
    fields.set(name.toLowerCase(), open);
  }
  return fields;
}

function optionOf({ name, lines }: Field): WrittenOption {
  const [, plain, change] = /^(.+)-(add|remove)$/i.exec(name) ?? [];
  if (plain === undefined) return { name, change: "set", lines };
  return { name: plain, change: change?.toLowerCase() === "add" ? "add" : "remove", lines };
}
