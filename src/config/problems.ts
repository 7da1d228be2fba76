import type { KeyPath, Problem } from "./check.ts";
import type { Override } from "./environment.ts";
import { ConfigError } from "./errors.ts";
import type { Place, Position } from "./positions.ts";

/** A problem and its position. */
export interface PlacedProblem {
  readonly kind: Problem["kind"];
  /** Dotted; undefined for a problem of another file. */
  readonly key: string | undefined;
  /** Line of the value, or of the table that lacks it. Undefined if it is not in the file. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The environment variable that sets the value. */
  readonly variable: string | undefined;
  /** One line that begins with the position. */
  readonly message: string;
}

/**
 * Finds the position of each problem. Sorts them: variables, problems without a line, lines of the file, other files.
 */
export async function placeProblems(
  problems: readonly Problem[],
  source: { readonly path: string; readonly text: string },
  overrides: readonly Override[],
): Promise<readonly PlacedProblem[]> {
  if (problems.length === 0) return [];
  // The parser with positions costs start-up time, and only this path needs it.
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

/** Makes one error for all problems of a file and of its variables, with one line each. */
export const configInvalid = (path: string, problems: readonly PlacedProblem[]): ConfigError =>
  new ConfigError("CONFIG_INVALID", problems.map(({ message }) => message).join("\n"), {
    facts: { path, count: problems.length, keys: problems.flatMap(({ key }) => key ?? []) },
    hint: "docs/configuration.md describes every key.",
  });

function placeInFile(problem: Problem, path: string, position: Position | undefined): PlacedProblem {
  const { line, column } = position ?? {};
  if (problem.kind === "other-file")
    return { kind: problem.kind, key: undefined, line, column, variable: undefined, message: problem.fault };
  const where = position === undefined ? path : `${path}:${position.line}:${position.column}`;
  const message = `${where}: ${sentenceOf(problem)}`;
  return { kind: problem.kind, key: dotted(problem.path), line, column, variable: undefined, message };
}

function placeInVariable(problem: Problem, variable: string): PlacedProblem {
  const fault = problem.kind === "bad-value" ? problem.fault : sentenceOf(problem);
  return {
    kind: problem.kind,
    key: dotted(problem.path),
    line: undefined,
    column: undefined,
    variable,
    message: `${variable}: ${fault}`,
  };
}

/** Writes a path as TOML does: bare if possible, quoted if necessary, "[1]" for an index. */
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

/** Returns the position of the table for a missing key. */
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

/** Sorts problems without a line first, and other files last. */
const lineOf = ({ key, line }: PlacedProblem): number =>
  key === undefined ? Number.MAX_SAFE_INTEGER : (line ?? 0);
