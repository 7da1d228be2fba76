/** The syntax of lines of fields, deb822(5), as codes of bytes or of latin1 characters. */
export const tab = 0x09;
export const carriageReturn = 0x0d;
export const space = 0x20;
const numberSign = 0x23;
const hyphen = 0x2d;
export const colon = 0x3a;

/** True for ASCII white space, as in isspace(3): in latin1 text, U+00A0 may be half of a UTF-8 letter. */
export const isSpace = (code: number): boolean => code === space || (code >= tab && code <= carriageReturn);

/** True for what the name of a field may begin with: names are printable ASCII and begin neither with "#" nor with "-". */
export const beginsField = (code: number): boolean =>
  code > space && code < 0x7f && code !== numberSign && code !== hyphen && code !== colon;

/** Returns a number that all spellings of a name share, and few other names. */
export const shapeOf = (length: number, firstCode: number): number => length * 32 + (firstCode & 31);
