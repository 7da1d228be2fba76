/** Returns the columns that a text takes on a terminal: two for wide characters of East Asia and emoji, none for marks. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** Cuts a text to a number of columns, with `…` at its end. */
export function cutEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return columns < 1 ? "" : `${startOf(text, columns - 1)}…`;
}

/** Cuts a text in its middle, for names that differ at their ends. */
export function cutMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return "";
  const endColumns = Math.floor((columns - 1) / 2);
  const end = reversed(startOf(reversed(text), endColumns));
  return `${startOf(text, columns - 1 - endColumns)}…${end}`;
}

const reversed = (text: string): string => Array.from(text).toReversed().join("");

function startOf(text: string, columns: number): string {
  let start = "";
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns) break;
    start += character;
  }
  return start;
}

const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}|[\u{20000}-\u{3FFFD}]/u;
const widthless = /\p{Mn}|\p{Me}|\p{Cf}/u;

function widthOf(character: string): number {
  if (character < "\u0300") return 1;
  if (widthless.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
