import { expect } from "vitest";
import { createWorkspace, type RunOptions, type Workspace } from "../support/index.ts";

/** The package that is new upstream. */
export const newDeb = "pool/main/n/newcomer/newcomer_1.0-1_amd64.deb";

/** Makes a mirror `debian` with one snapshot, in staging and in production, and a new package upstream. */
export async function createRunningMirror(): Promise<Workspace> {
  const workspace = await createWorkspace({
    snapshot: {},
    mirrors: { debian: { publish_to_staging: true } },
  });
  workspace.upstream.suite("stable", { acquireByHash: false }).addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "promote", "debian"]);
  workspace.upstream.suite("stable").addPackage("newcomer", "1.0-1");
  await workspace.upstream.publish();
  return workspace;
}

/** Runs a command that must fail and change nothing that clients see. Returns its log. */
export async function logOfFailure(
  workspace: Workspace,
  exitCode: number,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const before = await workspace.published("debian");
  expect(before.production?.files.size).toBeGreaterThan(0);
  const { stderr } = await workspace.run(args, { ...options, exitCode });
  expect(await workspace.published("debian")).toEqual(before);
  return stderr;
}

export const nameInStaging = async (workspace: Workspace): Promise<string> =>
  (await workspace.published("debian")).staging?.target.split("/").at(-1) ?? "nothing is staged";
