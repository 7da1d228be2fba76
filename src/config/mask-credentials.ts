/**
 * Replaces what may be the user and password of a URL by as many asterisks, so that a caret below a line still points
 * at its place. Takes whatever stands before the last "@" of a line: a password may hold "@", "/" or a quote.
 */
export function maskCredentials(text: string): string {
  return text.split("\n").map(maskLine).join("\n");
}

function maskLine(line: string): string {
  const end = line.lastIndexOf("@");
  if (end < 0) return line;
  const afterScheme = line.search(/(?<=:\/\/)/);
  const start = afterScheme >= 0 && afterScheme <= end ? afterScheme : Math.max(0, line.search(/(?<=["'])/));
  return line.slice(0, start) + "*".repeat(Math.max(0, end - start)) + line.slice(end);
}
