export const linesShown = 10;

/** The first lines and how many more there are: a list of thousands must not push everything else off the screen. */
export function shortList(lines: readonly string[], max = linesShown): readonly string[] {
  if (lines.length <= max) return lines;
  return [...lines.slice(0, max), `and ${lines.length - max} more, which --json lists`];
}

/** The first five names of many, in one line. */
export const listOf = (names: readonly string[]): string =>
  names.length <= namesShown
    ? names.join(", ")
    : `${names.slice(0, namesShown).join(", ")} and ${names.length - namesShown} more`;
const namesShown = 5;

/** The same for a text whose first line announces the others. */
export function shortText(text: string): string {
  const [first = "", ...rest] = text.split("\n");
  return [first, ...shortList(rest)].join("\n");
}
