/**
 * Snapshots and other people's files stay unchanged through many operations that share their inodes and directories.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { walkOwnPaths } from "../../src/snapshot/index.ts";
import { createWorkspace, digestOf, type Workspace } from "../support/index.ts";
import { Random } from "../support/random.ts";
import { runCommand } from "../support/run-command.ts";

const operationsWanted = 50;

const foreignFiles = {
  "www/index.html": "ours",
  "www/debian/README": "ours too",
  "www/debian/other -> nowhere": "",
  "www/.snapshots/debian/by-hand/notes.txt": "notes",
  "www/.snapshots/debian/.hidden": "hidden",
};

function makeForeign(workspace: Workspace): void {
  for (const [path, text] of Object.entries(foreignFiles)) {
    mkdirSync(workspace.join(path, ".."), { recursive: true });
    writeFileSync(workspace.join(path), text);
  }
}

const foreignNow = (workspace: Workspace): Record<string, string> =>
  Object.fromEntries(
    Object.keys(foreignFiles).map((path) => [path, readFileSync(workspace.join(path), "utf8")]),
  );

/** Returns, for each snapshot, path -> digest of its own files. */
function contentOfSnapshots(workspace: Workspace): ReadonlyMap<string, string> {
  const root = workspace.join("www/.snapshots/debian");
  return new Map(
    readdirSync(root)
      .filter((name) => !name.startsWith(".") && name !== "by-hand")
      .map((name) => {
        const tree = join(root, name);
        const lines = [...walkOwnPaths(tree)].map(
          (path) => `${path} ${digestOf(readFileSync(join(tree, path)), "SHA256")}`,
        );
        return [name, lines.toSorted().join("\n")];
      }),
  );
}

/** Changes upstream: another version of a package, other bytes under an old name, or a package less. */
async function changeUpstream(workspace: Workspace, round: number, kind: number): Promise<void> {
  const suite = workspace.upstream.suite("stable");
  suite.removePackage("tool").addPackage("tool", `${round + 2}.0-1`);
  suite.removePackage("rebuilt").addPackage("rebuilt", "1.0-1", { files: { "usr/share/x": `${round}` } });
  if (kind === 0) suite.addPackage(`only-${round}`, "1.0-1");
  await workspace.upstream.publish();
}

test(`no snapshot and no file of others changes through ${operationsWanted} operations`, async () => {
  await using workspace = await createWorkspace({
    snapshot: { prune: { keep_last: 4 } },
    publish: { grace: "2s" },
    mirrors: { debian: { publish_to_staging: true } },
  });
  makeForeign(workspace);
  const random = new Random(20_261_128);
  workspace.upstream.suite("stable").addPackage("tool", "1.0-1").addPackage("rebuilt", "1.0-1");
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "promote", "debian"]);

  const anyName = (): string => random.pick([...contentOfSnapshots(workspace).keys()]);
  const operations: readonly (() => Promise<readonly string[]>)[] = [
    async () => {
      await changeUpstream(workspace, random.below(1000), random.below(2));
      return ["sync"];
    },
    async () => ["sync"],
    async () => ["snapshot", "create", "debian", "--stage"],
    async () => ["snapshot", "stage", "debian", anyName()],
    async () => ["snapshot", "promote", "debian"],
    async () => ["snapshot", "publish", "debian", anyName()],
    async () => ["snapshot", "rollback", "debian", "--to", anyName()],
    async () => ["snapshot", "delete", "debian", anyName()],
    async () => ["snapshot", "prune", "debian", "--keep-last", "3"],
  ];
  const started = Date.now();
  let before = contentOfSnapshots(workspace);
  for (let count = 0; count < operationsWanted; count++) {
    const args = await random.pick(operations)();
    // Refusals change nothing either: to delete what is in use, to promote what was rolled back.
    const refusal = { delete: 1, promote: 3 }[args[1] ?? ""];
    const { status, stderr } = await runCommand(args, {
      env: { MIRRORCTL_CONFIG: workspace.configFile },
      homeDir: workspace.path,
      now: () => new Date(started + count * 300), // so that the grace time of files ends
    });
    expect([0, refusal], `${args.join(" ")}: ${stderr}`).toContain(status);
    const after = contentOfSnapshots(workspace);
    for (const [name, content] of after)
      expect({ args, name, content: before.get(name) ?? content }).toEqual({ args, name, content });
    expect(foreignNow(workspace)).toEqual(foreignFiles);
    before = after;
  }
});
