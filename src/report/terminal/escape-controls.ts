/** One line with its control characters written out: text of an upstream must not steer a terminal. Tabs stay. */
export const escapeControls = (line: string): string =>
  line.replace(/[^\P{Cc}\t]/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
