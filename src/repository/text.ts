/** Reads a latin1 string, one character for each byte, as UTF-8. Throws a TypeError if it is not UTF-8. */
export function decodeUtf8(latin1: string): string {
  if (isAscii(latin1)) return latin1;
  return strictDecoder.decode(Buffer.from(latin1, "latin1"));
}

/** The same for text that is only shown: bytes that are not UTF-8 become U+FFFD. */
export function decodeUtf8Loosely(latin1: string): string {
  return isAscii(latin1) ? latin1 : Buffer.from(latin1, "latin1").toString("utf8");
}

/** Quotes the text of an upstream for a message: escapes control characters, and cuts a long text. */
export function quote(text: string): string {
  let shown = "";
  for (const char of text) {
    const escaped = escapeChar(char);
    if (shown.length + escaped.length > quotedCharsMax) return `"${shown}…"`;
    shown += escaped;
  }
  return `"${shown}"`;
}

/** JSON leaves DEL and the C1 controls as they are, and terminals obey some of them. */
const escapeChar = (char: string): string =>
  /[\u007f-\u009f]/.test(char)
    ? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`
    : JSON.stringify(char).slice(1, -1);

/** Splits at ASCII white space. `\s` would also split at U+00A0, which in latin1 text is half of a UTF-8 letter. */
export function splitWords(text: string): string[] {
  return text.split(/[\t\n\v\f\r ]+/).filter((word) => word !== "");
}

const quotedCharsMax = 200;
// In a name, a byte order mark is a character like any other.
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text);
}
