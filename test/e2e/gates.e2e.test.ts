/** Gates as an administrator meets them: a promotion that is refused, stopped or forced. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../support/index.ts";
import { until } from "./until.ts";

/** A mirror with these gates, and one package in staging that production lacks. */
async function createGatedWorkspace(gates: object): Promise<Workspace> {
  const workspace = await createWorkspace({
    snapshot: {},
    mirrors: { debian: { publish_to_staging: true, gates } },
  });
  const suite = workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "promote", "debian", "--force", "--reason", "first"]);
  suite.addPackage("extra", "1.0-1");
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  return workspace;
}

const inProduction = async (workspace: Workspace): Promise<readonly string[]> =>
  [...((await workspace.published("debian")).production?.files.keys() ?? [])].filter((path) =>
    path.endsWith(".deb"),
  );

test("a command of a gate that is stopped leaves nothing behind", async () => {
  await using workspace = await createGatedWorkspace({});
  const marks = ["started", "survived"].map((name) => workspace.join(name));
  const script = `touch ${marks[0]}; (trap "" TERM; sleep 300; touch ${marks[1]}) & wait`;
  workspace.configure({
    snapshot: {},
    mirrors: { debian: { publish_to_staging: true, gates: { commands: [["sh", "-c", script]] } } },
  });
  const running = workspace.start(["snapshot", "promote", "debian"]);
  await until(() => existsSync(marks[0] ?? ""));
  running.kill("SIGINT");
  expect((await running.ended).exitCode).toBe(130);
  expect(await inProduction(workspace)).toHaveLength(1);
  expect(existsSync(marks[1] ?? "")).toBe(false);
  expect(await workspace.leftovers()).toEqual([]);
});

test("a refused promotion says why with status 3, and force records it", async () => {
  await using workspace = await createGatedWorkspace({ min_packages: 3, approvals: 1 });
  const { stderr } = await workspace.run(["snapshot", "promote", "debian"], { exitCode: 3 });
  expect(stderr).toMatch(
    /ERROR debian: \S+ fails the gate min_packages: 2 packages, allowed: at least 3\n {6}See what is gone: mirrorctl snapshot diff debian\n/,
  );
  expect(stderr).toMatch(
    /debian: \S+ does not pass the gate approvals yet: 0 approvals, allowed: at least 1\n/,
  );
  expect(await inProduction(workspace)).toHaveLength(1);
  await workspace.run(["snapshot", "promote", "debian", "--force", "--reason", "the release party"]);
  expect(await inProduction(workspace)).toHaveLength(2);
  const { stdout } = await workspace.run(["--json", "history", "--action", "promote"]);
  expect((JSON.parse(stdout) as unknown[])[0]).toMatchObject({
    reason: "the release party",
    detail:
      "forced: it fails the gate min_packages: 2 packages, allowed: at least 3; forced: it does not pass the gate approvals yet: 0 approvals, allowed: at least 1",
  });
});
