/**
 * Escapes the control characters of a line, except tabs: text of an upstream must not control a terminal. So do the characters
 * that change the direction of a text: after one, a line may look like another one.
 */
export const escapeControls = (line: string): string =>
  line.replace(
    /[^\P{Cc}\t]|\p{Bidi_Control}/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
