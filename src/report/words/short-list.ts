export const linesShown = 10;

/** Returns the first lines, and how many more there are: a list of thousands would fill the screen. */
export function shortList(lines: readonly string[], max = linesShown): readonly string[] {
  if (lines.length <= max) return lines;
  return [...lines.slice(0, max), `and ${lines.length - max} more, which --json lists`];
}

/** Returns the first five names in one line, and how many more there are. */
export const listOf = (names: readonly string[]): string =>
  names.length <= namesShown
    ? names.join(", ")
    : `${names.slice(0, namesShown).join(", ")} and ${names.length - namesShown} more`;
const namesShown = 5;

/** Shortens a text whose first line announces the others. */
export function shortText(text: string): string {
  const [first = "", ...rest] = text.split("\n");
  return [first, ...shortList(rest)].join("\n");
}
