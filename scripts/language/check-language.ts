import { parseSync, Visitor } from "oxc-parser";
import { plainWords } from "./plain-words.ts";

export const titleLengthMax = 80;

export interface Finding {
  readonly line: number;
  readonly says: string;
}

/** Returns the words of a text that have a plainer one, and the titles of its tests that are too long. */
export function checkLanguage(path: string, text: string): readonly Finding[] {
  const lines = text.split("\n");
  return [...lines.flatMap((line, index) => checkLine(line, index + 1)), ...longTitles(path, text)].toSorted(
    (a, b) => a.line - b.line,
  );
}

const checkLine = (line: string, number: number): readonly Finding[] =>
  plainWords.flatMap(({ pattern, instead }) => {
    const found = pattern.exec(line)?.[0];
    return found === undefined ? [] : [{ line: number, says: `"${found.trim()}": write ${instead}` }];
  });

/** Placeholders of `each` count as they are written. */
function longTitles(path: string, text: string): readonly Finding[] {
  if (!/\.(?:test|suite)\.ts$/.test(path)) return [];
  const found: Finding[] = [];
  const visitor = new Visitor({
    CallExpression({ callee, arguments: [title] }) {
      if (title === undefined || !/^(?:test|it)\b/.test(text.slice(callee.start, callee.end))) return;
      const isText =
        title.type === "TemplateLiteral" || (title.type === "Literal" && typeof title.value === "string");
      const length = title.end - title.start - 2; // without its quotes
      if (!isText || length <= titleLengthMax) return;
      const line = text.slice(0, title.start).split("\n").length;
      found.push({ line, says: `a test title of ${length} characters: at most ${titleLengthMax}` });
    },
  });
  visitor.visit(parseSync(path, text).program);
  return found;
}
