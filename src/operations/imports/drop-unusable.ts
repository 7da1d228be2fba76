import { type ConfigSource, inspectConfig } from "../../config/index.ts";
import type { Imported, Remark } from "../../imports/index.ts";

type DraftMirror = Imported["mirrors"][number];
type Problem = ReturnType<typeof inspectConfig>["problems"][number];
type Format = (imported: Imported) => string;

/**
 * Drops what `check config` would refuse, such as a suite with "..": first single keys and words of lists, then mirrors.
 * Each becomes a remark. `format` writes the configuration of a draft.
 */
export function dropUnusable(imported: Imported, format: Format): Imported {
  const problems = problemsOf(imported, format);
  if (problems.length === 0) return imported;
  const usable = withoutSettings(dropFrom(imported, problems, withoutParts), problems);
  return dropFrom(usable, problemsOf(usable, format), () => undefined);
}

function problemsOf(imported: Imported, format: Format): readonly Problem[] {
  const source: ConfigSource = { path: "/import.toml", text: format(imported), env: {}, homeDir: "/" };
  return imported.mirrors.length === 0 ? [] : inspectConfig(source).problems;
}

function dropFrom(
  { mirrors, remarks, ...rest }: Imported,
  problems: readonly Problem[],
  repaired: (mirror: DraftMirror, problems: readonly Problem[]) => DraftMirror | undefined,
): Imported {
  const added: Remark[] = [];
  const kept = mirrors.flatMap((mirror) => {
    const own = problems.filter(({ path }) => path[0] === "mirrors" && path[1] === mirror.id);
    if (own.length === 0) return [mirror];
    const better = repaired(mirror, own);
    for (const problem of own) added.push(remarkOf(mirror, problem, better === undefined));
    return better ?? [];
  });
  return { ...rest, mirrors: kept, remarks: [...remarks, ...added] };
}

const lists = ["suites", "sections", "architectures"] as const;

/** Without the words of its lists, and the other keys, that have problems. */
function withoutParts(mirror: DraftMirror, problems: readonly Problem[]): DraftMirror {
  const paths = problems.map(({ path }) => path.slice(2));
  const isBad = (list: string, at: number): boolean =>
    paths.some(([key, item]) => key === list && item === at);
  const good = lists.map((list) => [list, mirror[list].filter((_, at) => !isBad(list, at))] as const);
  return { ...mirror, ...Object.fromEntries(good), ...withoutKeys(mirror, paths) };
}

function withoutSettings({ settings, ...rest }: Imported, problems: readonly Problem[]): Imported {
  const global = problems.filter(({ path }) => path[0] !== "mirrors");
  const remarks = global.map(
    (problem): Remark => ({
      kind: "dropped",
      place: undefined,
      said: problem.path.join("."),
      means: faultOf(problem),
    }),
  );
  const paths = global.map(({ path }) => path);
  return { ...rest, settings: withoutKeys(settings, paths), remarks: [...rest.remarks, ...remarks] };
}

/** Leaves out the keys at the start of a path, and those of a table that the path names before. */
function withoutKeys(
  { values, tables }: Imported["settings"],
  paths: readonly Problem["path"][],
): Imported["settings"] {
  const isAbsent = (...keys: readonly string[]): boolean =>
    !paths.some((path) => keys.every((key, at) => path[at] === key));
  const own = Object.entries(tables).map(([name, table]) => {
    const parts = name.split(".");
    return [name, Object.fromEntries(Object.entries(table).filter(([key]) => isAbsent(...parts, key)))];
  });
  return {
    values: Object.fromEntries(Object.entries(values).filter(([key]) => isAbsent(key))),
    tables: Object.fromEntries(own),
  };
}

function remarkOf(mirror: DraftMirror, problem: Problem, isMirrorDropped: boolean): Remark {
  const [, , key, at] = problem.path;
  const list = lists.find((name) => name === key);
  const word = list === undefined || typeof at !== "number" ? undefined : mirror[list][at];
  const named = problem.path.slice(2).filter((part) => typeof part === "string");
  const said = isMirrorDropped ? `mirror ${mirror.id}` : `${named.join(".") || "keys"} of ${mirror.id}`;
  return {
    kind: "dropped",
    place: mirror.places.length === 1 ? mirror.places[0] : undefined,
    said: word === undefined ? said : `${said}: ${word.slice(0, wordMax)}`,
    means: faultOf(problem),
  };
}

const wordMax = 100;

function faultOf(problem: Problem): string {
  if (problem.kind === "bad-value") return problem.fault.slice(0, 2 * wordMax);
  if (problem.kind === "missing-key") return `expected ${problem.expected}`;
  return `cannot be used: ${problem.path.join(".")}`;
}
