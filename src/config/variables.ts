/** What to write instead of a variable; undefined where a text has none. */
export function adviceOnVariable(text: string, instead: string): string | undefined {
  const [variable] = /\$\(\w+\)|\$\{\w+\}/.exec(text) ?? [];
  if (variable === undefined) return undefined;
  const why =
    variable === "$(ARCH)"
      ? "apt puts the architecture of each client in its place, and mirrorctl does not"
      : "mirrorctl does not replace it";
  return `${variable} is a variable: ${why}. ${instead}`;
}
