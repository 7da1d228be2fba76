/** A setting of a file of Perl that assigns constants, as debmirror.conf does. Nothing is run. */
export interface PerlSetting {
  readonly name: string;
  readonly values: readonly string[];
  readonly line: number;
}

interface Statement {
  readonly line: number;
  readonly text: string;
}

export interface PerlSettings {
  readonly settings: readonly PerlSetting[];
  readonly notUnderstood: readonly Statement[];
}

/**
 * Reads `$name="value";`, `$name=1;`, `@name=("a","b");`, `@name=qw(a b);` and `@name="a";`, which is a list of one. A list in
 * parentheses may go over several lines.
 */
export function readPerlSettings(text: string): PerlSettings {
  const settings: PerlSetting[] = [];
  const notUnderstood: Statement[] = [];
  for (const statement of statementsOf(text)) {
    const setting = settingOf(statement);
    if (setting === undefined) notUnderstood.push(statement);
    else settings.push(setting);
  }
  return { settings, notUnderstood };
}

function* statementsOf(text: string): Generator<Statement> {
  let open: { readonly line: number; readonly parts: string[] } | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const part = raw.trim();
    if (open === undefined) {
      if (part === "" || part.startsWith("#") || part === "1;" || part === "__END__") continue;
      open = { line: index + 1, parts: [] };
    }
    open.parts.push(part);
    if (listStart.test(open.parts[0] ?? "") && !part.includes(")")) continue;
    yield { line: open.line, text: open.parts.join("\n") };
    open = undefined;
  }
  if (open !== undefined) yield { line: open.line, text: open.parts.join("\n") };
}

const listStart = /^(?:(?:our|my) +)?@\w+ *= *(?:qw *)?\(/;
const start = /^(?:(?:our|my) +)?([$@])(\w+) *= */;

function settingOf({ text, line }: Statement): PerlSetting | undefined {
  const [before = "", sigil, name] = start.exec(text) ?? [];
  if (name === undefined) return undefined;
  const value = sigil === "@" ? readList(text.slice(before.length)) : readScalar(text.slice(before.length));
  const isEnded = value !== undefined && /^\s*;\s*(?:#.*)?$/.test(value.rest);
  return isEnded ? { name, values: value.values, line } : undefined;
}

/** A value at the start of a text, and what follows it. */
interface ReadValue {
  readonly values: readonly string[];
  readonly rest: string;
}

/** A text in double quotes may name a variable, which is not a constant. */
function readScalar(text: string): ReadValue | undefined {
  const [found, double, single, number] =
    /^(?:"((?:[^"\\$@]|@(?![\w:{$]))*)"|'([^'\\]*)'|(-?\d+(?![\w.])))/.exec(text) ?? [];
  const value = double ?? single ?? number;
  return found === undefined || value === undefined
    ? undefined
    : { values: [value], rest: text.slice(found.length) };
}

function readList(text: string): ReadValue | undefined {
  const words = /^qw *\(([^()]*)\)/.exec(text);
  if (words !== null) {
    const values = (words[1] ?? "").split(/\s+/).filter((word) => word !== "");
    return { values, rest: text.slice(words[0].length) };
  }
  if (!text.startsWith("(")) return readScalar(text);
  const values: string[] = [];
  let rest = text.slice(1).trimStart();
  while (!rest.startsWith(")")) {
    const item = readScalar(rest);
    if (item === undefined) return undefined;
    values.push(...item.values);
    rest = item.rest.trimStart();
    if (rest.startsWith(",")) rest = rest.slice(1).trimStart();
    else if (!rest.startsWith(")")) return undefined;
  }
  return { values, rest: rest.slice(1) };
}
