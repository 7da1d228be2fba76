import type { KeyPath, Problem } from "./check.ts";
import type { Override } from "./environment.ts";
import { ConfigError } from "./errors.ts";
import type { Place, Position } from "./positions.ts";

/** One error for all problems of a file and of the variables that override it; one line each, in the file's order. */
export async function configInvalid(
  problems: readonly Problem[],
  source: { readonly path: string; readonly text: string },
  overrides: readonly Override[],
): Promise<ConfigError> {
  // The parser that knows positions costs start-up time, and only this path needs it.
  const { locateKeys } = await import("./positions.ts");
  const locate = locateKeys(source.text);
  const lines = problems.map((problem) => {
    const override = overrides.find(({ path }) => startsWith(problem.path, path));
    if (override !== undefined) return { text: `${override.variable}: ${faultOf(problem)}` };
    const position = positionOf(problem, locate);
    const where = position === undefined ? "" : `:${position.line}:${position.column}`;
    return { position, text: `${source.path}${where}: ${sentenceOf(problem)}` };
  });
  const sorted = lines.toSorted((left, right) => compare(left.position, right.position));
  return new ConfigError("CONFIG_INVALID", sorted.map(({ text }) => text).join("\n"), {
    facts: { path: source.path, count: problems.length, keys: problems.map(({ path }) => dotted(path)) },
    hint: "docs/configuration.md describes every key.",
  });
}

/** A path as it is written in TOML: bare where it can be, quoted where it must be, "[1]" for a place in a list. */
export function dotted(path: KeyPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

export function startsWith(path: KeyPath, start: KeyPath): boolean {
  return start.every((key, index) => path[index] === key);
}

function sentenceOf(problem: Problem): string {
  const name = dotted(problem.path);
  switch (problem.kind) {
    case "unknown-key":
      return `unknown key ${name} (${problem.suggestion})`;
    case "missing-key":
      return `${name} is missing: expected ${problem.expected}`;
    case "bad-value":
      return `${name}: ${problem.fault}`;
    default:
      return problem satisfies never;
  }
}

function faultOf(problem: Problem): string {
  return problem.kind === "bad-value" ? problem.fault : sentenceOf(problem);
}

/** What is missing is found at the table that lacks it. */
function positionOf(problem: Problem, locate: (path: KeyPath) => Place | undefined): Position | undefined {
  if (problem.kind === "unknown-key") return locate(problem.path)?.key;
  for (let length = problem.path.length; length > 0; length--) {
    const place = locate(problem.path.slice(0, length));
    if (place !== undefined) return length === problem.path.length ? place.value : place.key;
  }
  return undefined;
}

function compare(left: Position | undefined, right: Position | undefined): number {
  if (left === undefined || right === undefined)
    return Number(right === undefined) - Number(left === undefined);
  return left.line - right.line || left.column - right.column;
}
