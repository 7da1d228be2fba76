import type { KeyPath, Problem } from "./check.ts";
import type { Override } from "./environment.ts";
import { ConfigError } from "./errors.ts";
import { type FoundKey, keyFinder } from "./files/find-keys.ts";
import type { ParsedFile } from "./files/parse-file.ts";
import type { Position } from "./files/positions.ts";

/** A problem and its position. */
export interface PlacedProblem {
  readonly kind: Problem["kind"];
  /** Dotted; undefined for a problem of another file. */
  readonly key: string | undefined;
  /** The file of the line. */
  readonly file: string | undefined;
  /** Line of the value, or of the table that lacks it. Undefined if it is in no file. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The environment variable that sets the value. */
  readonly variable: string | undefined;
  /** One line that begins with the position. */
  readonly message: string;
}

/**
 * Finds the position of each problem. Sorts them: variables, problems without a line, lines of the files in
 * their order, files that are not part of the configuration.
 */
export async function placeProblems(
  problems: readonly Problem[],
  files: readonly ParsedFile[],
  overrides: readonly Override[],
): Promise<readonly PlacedProblem[]> {
  if (problems.length === 0) return [];
  const find = await keyFinder(files);
  const names = files.map(({ path }) => path);
  return problems
    .map((problem) => {
      const override = overrides.find(({ path }) => startsWith(problem.path, path));
      if (override !== undefined && problem.kind !== "repeated-key")
        return placeInVariable(problem, override.variable);
      return placeInFile(problem, names[0] ?? "", find);
    })
    .toSorted((left, right) => compareLists(rankOf(left, names), rankOf(right, names)));
}

/** Makes one error for all problems of a file and of its variables, with one line each. */
export const configInvalid = (path: string, problems: readonly PlacedProblem[]): ConfigError =>
  new ConfigError("CONFIG_INVALID", problems.map(({ message }) => message).join("\n"), {
    facts: { path, count: problems.length, keys: problems.flatMap(({ key }) => key ?? []) },
    hint: "docs/configuration.md describes every key.",
  });

function placeInFile(problem: Problem, mainFile: string, find: FindKey): PlacedProblem {
  const { file, position } = positionOf(problem, find) ?? {};
  const { line, column } = position ?? {};
  const placed = { kind: problem.kind, file, line, column, variable: undefined };
  if (problem.kind === "other-file") return { ...placed, key: undefined, message: problem.fault };
  const where = file === undefined ? mainFile : `${file}:${line}:${column}`;
  const first = problem.kind === "repeated-key" ? find(problem.path) : undefined;
  const other = first === undefined ? "" : ` ${first.file}:${first.place.key.line}`;
  return { ...placed, key: dotted(problem.path), message: `${where}: ${sentenceOf(problem)}${other}` };
}

function placeInVariable(problem: Problem, variable: string): PlacedProblem {
  const fault = problem.kind === "bad-value" ? problem.fault : sentenceOf(problem);
  return {
    kind: problem.kind,
    key: dotted(problem.path),
    file: undefined,
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
    case "repeated-key":
      return `${name} is set already in`;
    case "other-file":
      return problem.fault;
    default:
      return problem satisfies never;
  }
}

type FindKey = (path: KeyPath, onlyIn?: string) => FoundKey | undefined;

/** Returns the position of the table for a missing key. */
function positionOf(
  problem: Problem,
  find: FindKey,
): { readonly file: string; readonly position: Position } | undefined {
  const onlyIn = problem.kind === "repeated-key" ? problem.file : undefined;
  const isAboutKey = problem.kind === "unknown-key" || problem.kind === "repeated-key";
  for (let length = problem.path.length; length > 0; length--) {
    const found = find(problem.path.slice(0, length), onlyIn);
    if (found === undefined) continue;
    const isValue = length === problem.path.length && !isAboutKey;
    return { file: found.file, position: isValue ? found.place.value : found.place.key };
  }
  return undefined;
}

/** Sorts problems without a line first, and other files last. */
const rankOf = ({ key, file, line, column }: PlacedProblem, files: readonly string[]): readonly number[] =>
  key === undefined
    ? [files.length]
    : [file === undefined ? -1 : files.indexOf(file), line ?? 0, column ?? 0];

function compareLists(left: readonly number[], right: readonly number[]): number {
  const index = left.findIndex((value, at) => value !== right[at]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}
