/** Parses a record that mirrorctl wrote. Returns undefined if it is missing or damaged, which is as good as lost. */
export function parseJsonIfAny(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
