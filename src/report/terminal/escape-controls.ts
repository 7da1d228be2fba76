/** Escapes the control characters of a line, except tabs: text of an upstream must not control a terminal. */
export const escapeControls = (line: string): string =>
  line.replace(/[^\P{Cc}\t]/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
