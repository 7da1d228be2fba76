import type { KeyPath, Problem } from "./check.ts";
import type { Override } from "./environment.ts";
import { ConfigError } from "./errors.ts";
import type { Place, Position } from "./positions.ts";

/** A problem, and where to find what it is about. */
export interface PlacedProblem {
  /** Dotted; undefined for a problem of another file. */
  readonly key: string | undefined;
  /** Of the value, or of the table that lacks it; undefined where it is not in the file. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The environment variable that sets the value. */
  readonly variable: string | undefined;
  /** One line that begins with the place. */
  readonly message: string;
}

/** Finds the place of each problem and sorts them: variables, what has no line, the lines of the file, other files. */
export async function placeProblems(
  problems: readonly Problem[],
  source: { readonly path: string; readonly text: string },
  overrides: readonly Override[],
): Promise<readonly PlacedProblem[]> {
  if (problems.length === 0) return [];
  // The parser that knows positions costs start-up time, and only this path needs it.
  const { locateKeys } = await import("./positions.ts");
  const locate = locateKeys(source.text);
  return problems
    .map((problem) => {
      const override = overrides.find(({ path }) => startsWith(problem.path, path));
      return override === undefined
        ? placeInFile(problem, source.path, positionOf(problem, locate))
        : placeInVariable(problem, override.variable);
    })
    .toSorted(byPosition);
}

/** One error for all problems of a file and of the variables that override it; one line each. */
export const configInvalid = (path: string, problems: readonly PlacedProblem[]): ConfigError =>
  new ConfigError("CONFIG_INVALID", problems.map(({ message }) => message).join("\n"), {
    facts: { path, count: problems.length, keys: problems.flatMap(({ key }) => key ?? []) },
    hint: "docs/configuration.md describes every key.",
  });

function placeInFile(problem: Problem, path: string, position: Position | undefined): PlacedProblem {
  const { line, column } = position ?? {};
  if (problem.kind === "other-file")
    return { key: undefined, line, column, variable: undefined, message: problem.fault };
  const where = position === undefined ? path : `${path}:${position.line}:${position.column}`;
  const message = `${where}: ${sentenceOf(problem)}`;
  return { key: dotted(problem.path), line, column, variable: undefined, message };
}

function placeInVariable(problem: Problem, variable: string): PlacedProblem {
  const fault = problem.kind === "bad-value" ? problem.fault : sentenceOf(problem);
  return {
    key: dotted(problem.path),
    line: undefined,
    column: undefined,
    variable,
    message: `${variable}: ${fault}`,
  };
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
    case "other-file":
      return problem.fault;
    default:
      return problem satisfies never;
  }
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

function byPosition(left: PlacedProblem, right: PlacedProblem): number {
  return lineOf(left) - lineOf(right) || (left.column ?? 0) - (right.column ?? 0);
}

/** What has no line comes first, and other files last. */
const lineOf = ({ key, line }: PlacedProblem): number =>
  key === undefined ? Number.MAX_SAFE_INTEGER : (line ?? 0);
