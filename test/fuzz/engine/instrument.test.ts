import { stripTypeScriptTypes } from "node:module";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { instrument } from "./instrument.ts";

/** Every way in which control flow can branch, each with and without braces. */
const source = `
function sort(n: number): string {
  const words: string[] = [];
  if (n > 0) words.push("positive");
  else if (n < 0) { words.push("negative") }
  if (n % 2 === 0) if (n === 4) words.push("four"); else words.push("even");
  for (let i = 0; i < n; i++) words.push("i");
  for (const word of words) if (word === "") return "";
  while (n > 5) n--;
  do n++; while (n < 5);
  switch (n) { case 5: const five = n; words.push(\`\${five}\`); case 6: words.push("six"); break; default: words.push("?") }
  const twice = (m: number): number => m * 2;
  const asObject = (m: number): { m: number } => ({ m });
  try { if (n === 6) throw new Error("6") } catch { words.push("caught") }
  words.push(n > 5 || n === twice(2) ? "large" : "small", String(asObject(n).m ?? (n > 1 && n)));
  return words.join(" ");
}
results = [-3, 0, 1, 2, 4, 5, 6, 9].map(sort);
`;

function run(text: string): { results: string[]; edges: number[] } {
  const context = { results: [] as string[], fuzzEdges: Array.from({ length: 100 }, () => 0) };
  runInNewContext(stripTypeScriptTypes(text), context);
  return { results: context.results, edges: context.fuzzEdges };
}

test("a module with counters behaves the same, with the same line numbers", () => {
  const counted = instrument(source, "sort.ts", 0);
  expect(run(counted.source).results).toEqual(run(source).results);
  expect(counted.source.split("\n")).toHaveLength(source.split("\n").length);
});

test("each edge has a number from the first on, and counts only its own passes", () => {
  const { source: counted, edges } = instrument(
    "if (results.length === 0) results.push('a'); else results.pop();",
    "x.ts",
    7,
  );
  expect(edges).toBe(2);
  const { edges: counts } = run(counted);
  expect(counts.slice(6, 10)).toEqual([0, 1, 0, 0]);
});

test("a syntax error is reported", () => {
  expect(() => instrument("if (", "broken.ts", 0)).toThrow(/^broken\.ts: /);
});
