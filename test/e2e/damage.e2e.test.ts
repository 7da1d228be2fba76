/** Damage in the store, by a power cut or a person: no new tree gets it, and the next sync repairs it. */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createWorkspace, listFiles, type Workspace } from "../support/index.ts";
import { createRunningMirror, logOfFailure, newDeb } from "./running-mirror.ts";

const inRelease = "dists/stable/InRelease";

/** Returns the path of the object of a file of the working mirror. */
async function objectOf(workspace: Workspace, path: string): Promise<string> {
  const { ino } = statSync(join(workspace.dir, "debian/.live", path));
  const objects = workspace.join(
    join(workspace.dir.slice(workspace.path.length), ".mirrorctl/objects/sha256"),
  );
  const names = await listFiles(objects);
  const name = names.find((candidate) => statSync(join(objects, candidate)).ino === ino);
  return join(objects, name ?? "there is none");
}

const trees = (workspace: Workspace): string[] => readdirSync(join(workspace.dir, ".mirrorctl/trees/debian"));

/** Makes the list of each tree that of an earlier boot of the machine. */
function pretendRestart(workspace: Workspace): void {
  const folder = join(workspace.dir, ".mirrorctl/trees/debian");
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".files"))) {
    const list = join(folder, name);
    const { atime, mtime } = statSync(list);
    writeFileSync(list, readFileSync(list, "utf8").replace(/"boot":"[^"]+"/, '"boot":"an earlier one"'));
    utimesSync(list, atime, mtime);
  }
}

describe.concurrent("after damage", () => {
  test("after a restart, an object of another size is downloaded again", async () => {
    await using workspace = await createRunningMirror();
    await workspace.arrange(["sync"]);
    truncateSync(await objectOf(workspace, newDeb), 0);
    pretendRestart(workspace);
    workspace.upstream.suite("stable").addPackage("third", "1.0-1");
    await workspace.upstream.publish();
    await workspace.run(["sync"]);
    const deb = readFileSync(workspace.upstream.path(newDeb));
    expect(readFileSync(join(workspace.dir, "debian/staging", newDeb)).equals(deb)).toBe(true);
  });

  test("a held InRelease that the disk has changed is requested again", async () => {
    await using workspace = await createRunningMirror();
    await workspace.arrange(["sync"]);
    const path = join(workspace.dir, "debian/.live", inRelease);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await workspace.run(["sync"]);
    const upstreams = readFileSync(workspace.upstream.path(inRelease));
    expect(readFileSync(join(workspace.dir, "debian/staging", inRelease)).equals(upstreams)).toBe(true);
  });
});

describe.concurrent("what cannot be shown is refused before any download, and leaves no trees", () => {
  test("a hidden file at the top", async () => {
    await using workspace = await createRunningMirror();
    const before = trees(workspace);
    workspace.upstream.suite("stable").addPackage("one", "1.0-1", { filename: ".hidden" });
    await workspace.upstream.publish();
    workspace.server.clearRequests();
    expect(await logOfFailure(workspace, 1, ["sync"])).toContain("begin with a dot");
    expect(workspace.server.requests.filter(({ path }) => path.includes("pool/"))).toEqual([]);
    expect(trees(workspace)).toEqual(before);
  });

  test("a mirror's directory that is a link to elsewhere", async () => {
    await using workspace = await createWorkspace({ mirrors: { debian: {} } });
    workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
    await workspace.upstream.publish();
    mkdirSync(workspace.dir);
    symlinkSync(workspace.path, join(workspace.dir, "debian"));
    const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
    expect(stderr).toContain("debian is not a directory");
    expect(trees(workspace)).toEqual([]);
  });
});
