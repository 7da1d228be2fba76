import type { Place } from "../drafts/place.ts";
import type { Remarks } from "../drafts/remarks.ts";
import { type Field, readStanzas, Stanza } from "../drafts/stanzas.ts";
import type { NamedText } from "../named-text.ts";

/** A stanza and the file that has it. */
export interface ConfStanza {
  readonly stanza: Stanza;
  readonly file: string;
}

/** Reads files of conf/updates or conf/distributions. A comment may follow a value. */
export function readConf(files: readonly NamedText[], remarks: Remarks): readonly ConfStanza[] {
  return files.flatMap(({ name: file, text }) => {
    const { stanzas, bad } = readStanzas(text.split("\n").map(withoutComment).join("\n"));
    for (const { line, text: said } of bad)
      remarks.add("dropped", { file, line }, said, "not a field, nor a part of one");
    return stanzas.flatMap((stanza) => {
      const isKept = stanza.field("Name") !== undefined || stanza.field("Codename") !== undefined;
      const included = stanza.text("!include");
      if (included !== "")
        remarks.add("dropped", { file, line: stanza.line }, `!include: ${included}`, "not read");
      else if (!isKept)
        remarks.add("dropped", { file, line: stanza.line }, "a stanza", "it has no Name or Codename");
      return isKept ? [{ stanza, file }] : [];
    });
  });
}

const withoutComment = (line: string): string => (/^\s*#/.test(line) ? "#" : line.replace(/#.*$/, ""));

export const placeOf = ({ stanza, file }: ConfStanza, field?: string): Place => ({
  file,
  line: (field === undefined ? undefined : stanza.field(field)?.line) ?? stanza.line,
});

/** The name of a rule, and its fields together with those of the rules that it says it is from. */
export function inheritRules(stanzas: readonly ConfStanza[]): ReadonlyMap<string, ConfStanza> {
  const own = new Map(stanzas.map((one) => [one.stanza.text("Name"), one]));
  return new Map([...own].map(([name, rule]) => [name, { ...rule, stanza: inherited(rule.stanza, own) }]));
}

function inherited(stanza: Stanza, all: ReadonlyMap<string, ConfStanza>): Stanza {
  let fields: ReadonlyMap<string, Field> = stanza.fields;
  const seen = new Set<string>();
  for (let from = stanza.text("From"); from !== "" && !seen.has(from); ) {
    seen.add(from);
    const base = all.get(from)?.stanza;
    if (base === undefined) break;
    fields = new Map([...base.fields, ...fields]);
    from = base.text("From");
  }
  return new Stanza(stanza.line, fields);
}
