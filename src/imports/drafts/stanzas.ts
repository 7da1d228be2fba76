/** A field of a stanza. */
export interface Field {
  /** As it is written. */
  readonly name: string;
  readonly line: number;
  /** Its lines, without blanks around them. */
  readonly lines: readonly string[];
}

export class Stanza {
  readonly line: number;
  /** By their names in lower case. */
  readonly fields: ReadonlyMap<string, Field>;

  constructor(line: number, fields: ReadonlyMap<string, Field>) {
    this.line = line;
    this.fields = fields;
  }

  field(name: string): Field | undefined {
    return this.fields.get(name.toLowerCase());
  }

  /** Returns the words of a field; none if there is no such field. */
  words(name: string): readonly string[] {
    return wordsOf(this.text(name));
  }

  text(name: string): string {
    return (this.field(name)?.lines ?? []).join(" ").trim();
  }
}

interface BadLine {
  readonly line: number;
  readonly text: string;
}

export interface ReadStanzas {
  readonly stanzas: readonly Stanza[];
  /** Lines that are part of no field. */
  readonly bad: readonly BadLine[];
}

type OpenField = Field & { readonly lines: string[] };

/** Reads a configuration of stanzas (deb822). Of fields of one name, the last counts. */
export function readStanzas(text: string): ReadStanzas {
  const stanzas: Stanza[] = [];
  const bad: BadLine[] = [];
  let fields = new Map<string, OpenField>();
  let last: OpenField | undefined;
  const end = (): void => {
    const [first] = fields.values();
    if (first !== undefined) stanzas.push(new Stanza(first.line, fields));
    fields = new Map();
    last = undefined;
  };
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    if (raw.startsWith("#")) continue;
    if (raw.trim() === "") end();
    else if (/^[ \t]/.test(raw)) {
      if (last === undefined) bad.push({ line, text: raw.trim() });
      else last.lines.push(raw.trim());
    } else {
      const [, name, value = ""] = /^([^\s:]+)\s*:(.*)$/s.exec(raw) ?? [];
      last = name === undefined ? undefined : { name, line, lines: [value.trim()] };
      if (name === undefined || last === undefined) bad.push({ line, text: raw.trim() });
      else fields.set(name.toLowerCase(), last);
    }
  }
  end();
  return { stanzas, bad };
}

export const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");
