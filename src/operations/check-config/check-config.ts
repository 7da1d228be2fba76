import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ConfigInspection, PlacedProblem, Problem } from "../../config/index.ts";
import { MirrorctlError } from "../../errors.ts";
import type { InvokerFiles } from "../../platform/invoker-files.ts";
import { userOf } from "../../platform/machine/users.ts";
import { type ConfigRemark, foreignFilesText } from "../../report/words/config-remarks.ts";
import type { AuthConf } from "../../upstream/index.ts";
import type { MirrorContext } from "../context.ts";
import { findSite, type Worker } from "../site-owner.ts";
import { checkDisk } from "./check-disk.ts";
import { checkMirrors, remarksOn } from "./check-mirrors.ts";
import { checkNamedPaths } from "./check-named-paths.ts";
import { checkNotify, remarksOnSecrets } from "./check-notify.ts";
import { lookAtWorkplace } from "./look-at-workplace.ts";
import { type MirrorSummary, summaryOf } from "./summary.ts";

export interface ConfigReport {
  /** The configuration file. */
  readonly path: string;
  /** All files that were read: that one, and those of conf.d. */
  readonly files: readonly string[];
  /** Mistakes that keep a mirror from working, in the order of the files. */
  readonly problems: readonly PlacedProblem[];
  /** Facts that are not mistakes, but that an administrator should know. */
  readonly remarks: readonly ConfigRemark[];
  /** Undefined if the file itself has problems; then `mirrors` is empty. */
  readonly dir: string | undefined;
  readonly mirrors: readonly MirrorSummary[];
}

/**
 * Checks everything about a configuration that needs no network, for the user that runs work as. Leaves no files.
 * `contexts` are its mirrors, none if the file itself has problems. The files that it names are checked in any case.
 */
export async function checkConfig(
  inspection: ConfigInspection,
  contexts: readonly MirrorContext[],
  worker: Worker,
): Promise<ConfigReport> {
  const { path, config } = inspection;
  const auth = await checkAuthConf(path, worker.files);
  const workplace = checkWorkplace(contexts, worker);
  const named = await checkNamedPaths(inspection.namedPaths, worker.files);
  const together = await checkMirrors(contexts, inspection);
  const isUsable = !named.some((problem) => isDeepStrictEqual(problem.path, ["dir"]));
  const disk = config === undefined ? undefined : checkDisk(config.dir, isUsable);
  const problems = [
    ...inspection.problems,
    ...(config?.mirrors.length === 0 ? [noMirrors] : []),
    ...named,
    ...workplace.problems,
    ...(disk?.problems ?? []),
    // A fault of a single file is not reported again for the settings together.
    ...together.filter((problem) => !named.some((other) => isDeepStrictEqual(other.path, problem.path))),
    ...(config === undefined ? [] : checkNotify(config, worker.files, contexts[0]?.programs)),
    ...auth.problems,
  ];
  return {
    path,
    files: inspection.files,
    problems: await inspection.place(problems),
    remarks: [
      ...workplace.remarks,
      ...(disk?.remarks ?? []),
      ...auth.remarks,
      ...(config === undefined ? [] : await remarksOnSecrets(config, inspection, worker.files)),
      ...remarksOn(contexts),
    ],
    dir: config?.dir,
    mirrors: await Promise.all(contexts.map(summaryOf)),
  };
}

interface Findings {
  readonly problems: readonly Problem[];
  readonly remarks: readonly ConfigRemark[];
}

const noMirrors: Problem = {
  kind: "missing-key",
  path: ["mirrors"],
  expected:
    "a table [mirrors.<id>] with url, suites, sections and architectures, such as `mirrorctl init` writes",
};

/** Checks auth.conf beside the configuration. */
async function checkAuthConf(configPath: string, files: InvokerFiles): Promise<Findings> {
  const { readAuthConf } = await import("../../upstream/index.ts");
  let auth: AuthConf;
  try {
    auth = readAuthConf(dirname(configPath), files);
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return { problems: [{ kind: "other-file", path: [], fault: error.message }], remarks: [] };
  }
  return { problems: [], remarks: auth.exposedPaths.map((path) => ({ kind: "passwords-exposed", path })) };
}

/** Finds files that an earlier run as another user left, and that the user of this run cannot replace. */
function checkWorkplace(contexts: readonly MirrorContext[], { uid, startedBy }: Worker): Findings {
  const user = userOf(uid);
  const workplace = lookAtWorkplace(
    contexts.map(({ layout }) => layout),
    user,
  );
  if (workplace === undefined) return { problems: [], remarks: [] };
  const { dir, owner, foreign } = workplace;
  const remark: ConfigRemark = { kind: "dir-of-other", dir, owner: user.name };
  const problems = foreign.map(
    (files): Problem => ({
      kind: "bad-value",
      path: ["dir"],
      fault: foreignFilesText(files, user, findSite(dir)?.owner ?? owner),
    }),
  );
  return { problems, remarks: startedBy === uid ? [] : [remark] };
}
