/** A line of a header may have 998 characters (RFC 5322 2.1.1); this is far below, with the name of any header. */
const plainMax = 120;
/** An encoded word has at most 75 characters (RFC 2047 2): 45 bytes are 60 characters of base64, and the rest is "=?UTF-8?B?…?=". */
const wordBytesMax = 45;

/**
 * Returns a text as a header may have it (RFC 2047): as it is, or as encoded words with `between` between them. Nothing in it
 * can end the header or begin another.
 */
export function encodeHeaderText(text: string, between: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(text) && !text.includes("=?") && text.length <= plainMax;
  if (isPlain && text === text.trim()) return text;
  const words: string[] = [];
  let word = "";
  for (const character of text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim()) {
    if (Buffer.byteLength(word + character) > wordBytesMax) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  if (word !== "") words.push(word);
  return words.map((part) => `=?UTF-8?B?${Buffer.from(part).toString("base64")}?=`).join(between);
}
