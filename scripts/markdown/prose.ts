/** Returns the text with its code, and its comments, replaced by blanks: lines and columns stay. */
export const proseOf = (text: string): string =>
  text.replace(fenced, blankOut).replace(comment, blankOut).replace(inlineCode, blankOut);

/** A block from its fence to a fence of the same length, or to the end. */
const fenced = /^ {0,3}(`{3,}|~{3,}).*\n(?:[\s\S]*?\n)?(?: {0,3}\1[ \t]*$|(?![\s\S]))/gm;
const comment = /<!--[\s\S]*?-->/g;
/** A blank line ends a paragraph, and with it any code that was not closed. */
const inlineCode = /(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])*?(?<!`)\1(?!`)/g;

const blankOut = (text: string): string => text.replace(/[^\n]/g, " ");
