/** What a record of mirrorctl's own holds. Undefined where there is none, or a damaged one, which is as good as lost. */
export function parseJsonIfAny(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
