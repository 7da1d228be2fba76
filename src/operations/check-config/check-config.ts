import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ConfigInspection, PlacedProblem, Problem } from "../../config/index.ts";
import { MirrorctlError } from "../../errors.ts";
import { type User, userOf } from "../../platform/users.ts";
import { type ConfigRemark, foreignFilesText } from "../../report/config-remarks.ts";
import type { AuthConf } from "../../upstream/index.ts";
import type { MirrorContext } from "../context.ts";
import { checkMirrors, remarksOn } from "./check-mirrors.ts";
import { checkNamedPaths } from "./check-named-paths.ts";
import { lookAtWorkplace } from "./look-at-workplace.ts";
import { type MirrorSummary, summaryOf } from "./summary.ts";

export interface ConfigReport {
  /** The configuration file. */
  readonly path: string;
  /** What keeps a mirror from working, in the order of the file. */
  readonly problems: readonly PlacedProblem[];
  /** What works, and should be known. */
  readonly remarks: readonly ConfigRemark[];
  /** Undefined, and no mirrors, where the file itself has problems. */
  readonly dir: string | undefined;
  readonly mirrors: readonly MirrorSummary[];
}

/**
 * Checks everything that can be known of a configuration without the network, for the user with this id. Writes
 * nothing. `contexts` are its mirrors, none where the file itself has problems: the files that it names are checked
 * even so.
 */
export async function checkConfig(
  inspection: ConfigInspection,
  contexts: readonly MirrorContext[],
  uid: number,
): Promise<ConfigReport> {
  const { path, config } = inspection;
  const auth = await checkAuthConf(path);
  const workplace = checkWorkplace(contexts, userOf(uid));
  const named = await checkNamedPaths(inspection.namedPaths);
  const together = await checkMirrors(contexts, inspection);
  const problems = [
    ...inspection.problems,
    ...(config?.mirrors.length === 0 ? [noMirrors] : []),
    ...named,
    ...workplace.problems,
    // What is wrong with a file by itself is not said again of the settings together.
    ...together.filter((problem) => !named.some((other) => isDeepStrictEqual(other.path, problem.path))),
    ...auth.problems,
  ];
  return {
    path,
    problems: await inspection.place(problems),
    remarks: [...workplace.remarks, ...auth.remarks, ...remarksOn(contexts)],
    dir: config?.dir,
    mirrors: await Promise.all((config?.mirrors ?? []).map(summaryOf)),
  };
}

interface Findings {
  readonly problems: readonly Problem[];
  readonly remarks: readonly ConfigRemark[];
}

const noMirrors: Problem = {
  kind: "missing-key",
  path: ["mirrors"],
  expected: "a table [mirrors.<id>] with url, suites, sections and architectures",
};

/** Looks at passwords of upstreams, which are beside the configuration. */
async function checkAuthConf(configPath: string): Promise<Findings> {
  const { readAuthConf } = await import("../../upstream/index.ts");
  let auth: AuthConf;
  try {
    auth = readAuthConf(dirname(configPath));
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return { problems: [{ kind: "other-file", path: [], fault: error.message }], remarks: [] };
  }
  return { problems: [], remarks: auth.exposedPaths.map((path) => ({ kind: "passwords-exposed", path })) };
}

/** Root may change everything, but the owner of `dir` cannot change what root makes there. */
function checkWorkplace(contexts: readonly MirrorContext[], user: User): Findings {
  const workplace = lookAtWorkplace(
    contexts.map(({ layout }) => layout),
    user,
  );
  if (workplace === undefined) return { problems: [], remarks: [] };
  const { dir, owner, foreign } = workplace;
  if (user.uid === 0) {
    const remark: ConfigRemark = { kind: "dir-of-other", dir, owner: owner.name };
    return { problems: [], remarks: owner.uid === 0 ? [] : [remark] };
  }
  const problems = foreign.map(
    (files): Problem => ({
      kind: "bad-value",
      path: ["dir"],
      fault: foreignFilesText(files, user, owner),
    }),
  );
  return { problems, remarks: [] };
}
