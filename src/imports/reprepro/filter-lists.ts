import { wordsOf } from "../drafts/stanzas.ts";
import { literalPattern, type NameFilter, Untranslatable } from "../names/name-filter.ts";

/** Lists of packages by the names that FilterList has for their files. One that could not be read is absent. */
export type FilterLists = ReadonlyMap<string, string>;

/**
 * Reads a FilterList: what happens to packages that no list names, and the names of lists, of which the first that has a package
 * decides. Throws Untranslatable for what depends on the packages that reprepro has already.
 */
export function parseFilterList(words: readonly string[], lists: FilterLists): NameFilter {
  const [fallback = "", ...names] = words;
  const isPassed = passes(fallback);
  const decided = new Map<string, boolean>();
  for (const name of names) {
    const text = lists.get(name);
    if (text === undefined) throw new Untranslatable(`the list ${name} cannot be read`);
    for (const [packageName, action] of entriesOf(text, name))
      decided.getOrInsert(packageName, passes(action));
  }
  const others = [...decided].flatMap(([packageName, passed]) => (passed === isPassed ? [] : [packageName]));
  const named: NameFilter = { kind: "name", pattern: others.map(literalPattern).join("|") };
  if (others.length === 0)
    return isPassed ? { kind: "name", pattern: ".*" } : { kind: "name", pattern: "(?!)" };
  return isPassed ? { kind: "not", part: named } : named;
}

function passes(action: string): boolean {
  if (action === "install") return true;
  if (action === "deinstall" || action === "purge") return false;
  throw new Untranslatable(`${JSON.stringify(action.slice(0, 20))} depends on what reprepro has already`);
}

/** Lines are not shown: the file may be any. */
function entriesOf(text: string, name: string): readonly (readonly [string, string])[] {
  return text.split("\n").flatMap((line, index) => {
    const [packageName, action, ...rest] = wordsOf(line);
    if (packageName === undefined || packageName.startsWith("#")) return [];
    if (action === undefined || rest.length > 0)
      throw new Untranslatable(`line ${index + 1} of ${name} is not a package and an action`);
    return [[packageName, action] as const];
  });
}
