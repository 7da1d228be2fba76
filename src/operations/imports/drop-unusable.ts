import { type ConfigSource, inspectConfig } from "../../config/index.ts";
import type { Imported, Remark } from "../../imports/index.ts";

type DraftMirror = Imported["mirrors"][number];
type Problem = ReturnType<typeof inspectConfig>["problems"][number];

/**
 * Drops what `check config` would refuse, such as a suite with "..": first single words of lists, then mirrors. Each
 * becomes a remark. `format` writes the configuration of a draft.
 */
export function dropUnusable(imported: Imported, format: (imported: Imported) => string): Imported {
  const problems = problemsOf(imported, format);
  if (problems.length === 0) return imported;
  const usable = dropFrom(imported, problems, withoutWords);
  return dropFrom(usable, problemsOf(usable, format), () => undefined);
}

function problemsOf(imported: Imported, format: (imported: Imported) => string): readonly Problem[] {
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

/** Without the words of its lists that have problems. */
function withoutWords(mirror: DraftMirror, problems: readonly Problem[]): DraftMirror {
  const isBad = (list: string, at: number): boolean =>
    problems.some(({ path }) => path[2] === list && path[3] === at);
  const good = lists.map((list) => [list, mirror[list].filter((_, at) => !isBad(list, at))] as const);
  return { ...mirror, ...Object.fromEntries(good) };
}

function remarkOf(mirror: DraftMirror, problem: Problem, isMirrorDropped: boolean): Remark {
  const [, , key, at] = problem.path;
  const list = lists.find((name) => name === key);
  const word = list === undefined || typeof at !== "number" ? undefined : mirror[list][at];
  const said = isMirrorDropped ? `mirror ${mirror.id}` : `${key ?? "mirror"} of ${mirror.id}`;
  return {
    kind: "dropped",
    line: mirror.lines.length === 1 ? mirror.lines[0] : undefined,
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
