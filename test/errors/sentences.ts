/** Finds every text of the program that people may read. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

const root = join(import.meta.dirname, "../..");

export interface Sentence {
  readonly path: string;
  readonly text: string;
}

/** Returns the strings with blanks below src. What is inserted into one is NAME. */
export function sentencesOfSource(): readonly Sentence[] {
  return globSync("src/**/*.ts", { cwd: root })
    .filter((path) => !/\.(?:test|fixture|cases)\.ts$|test-support\.ts$/.test(path))
    .flatMap((path) => textsIn(readFileSync(join(root, path), "utf8"), path).map((text) => ({ path, text })));
}

function textsIn(source: string, path: string): readonly string[] {
  const texts: string[] = [];
  new Visitor({
    Literal: ({ value }) => {
      if (typeof value === "string") texts.push(value);
    },
    TemplateLiteral: ({ quasis }) =>
      void texts.push(quasis.map(({ value }) => value.cooked ?? "").join("NAME")),
  }).visit(parseSync(path, source).program);
  return texts.filter((text) => text.includes(" "));
}
