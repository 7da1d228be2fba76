import { literalPattern, Untranslatable } from "./name-filter.ts";

/**
 * Makes a pattern for a whole name of a pattern of a shell: "*", "?", and plain sets such as "[a-c]". What negates a set differs
 * from program to program: "^" or nothing.
 */
export function globPattern(glob: string, negation: "^" | ""): string {
  let pattern = "";
  for (let at = 0; at < glob.length; at++) {
    const character = glob.charAt(at);
    if (character === "*") pattern += pattern.endsWith(anything) ? "" : anything;
    else if (character === "?") pattern += ".";
    else if (character === "[") {
      const [whole = "", not = "", set = ""] = /^\[(\^?)([\w.+-]+)\]/.exec(glob.slice(at)) ?? [];
      if (!isSet(set) || (not !== "" && not !== negation))
        throw new Untranslatable(`the set at ${JSON.stringify(glob.slice(at, at + 20))} is not plain`);
      pattern += `[${not}${set}]`;
      at += whole.length - 1;
    } else if (character === "\\") throw new Untranslatable("a backslash in a pattern of names");
    else pattern += literalPattern(character);
  }
  return pattern;
}

const anything = ".*";

/** Everybody reads a "-" in the same way only between two characters in order, or at the end. */
const isSet = (set: string): boolean =>
  /^(?:[\w.+](?:-\w)?)+-?$/.test(set) &&
  [...set.matchAll(/(.)-(.)/g)].every(([, from = "", to = ""]) => /\w/.test(from) && from <= to);
