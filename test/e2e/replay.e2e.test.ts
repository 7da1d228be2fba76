/** A new Release is compared with the held one, in whichever form and from whichever upstream it comes. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createWorkspace, fakeUpstream, serveDirectory } from "../support/index.ts";
import { createRunningMirror, logOfFailure } from "./running-mirror.ts";

const suite = "dists/stable";

test("an older Release is refused, even if InRelease is hidden and no Release was held", async () => {
  await using workspace = await createWorkspace({
    snapshot: {},
    mirrors: { debian: { publish_to_staging: true } },
  });
  const { upstream } = workspace;
  upstream.suite("stable", { acquireByHash: false }).addPackage("hello", "1.0-1");
  await upstream.publish();
  const old = ["Release", "Release.gpg"].map(
    (name) => [name, readFileSync(upstream.path(`${suite}/${name}`))] as const,
  );
  upstream.suite("stable").addPackage("hello", "1.1-1");
  await upstream.publish();
  const hidden = workspace.server.fault({ path: /\/Release(\.gpg)?$/, status: 404 });
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "promote", "debian"]);
  hidden.disarm();

  for (const [name, bytes] of old) writeFileSync(upstream.path(`${suite}/${name}`), bytes);
  upstream.remove(`${suite}/InRelease`);
  const log = await logOfFailure(workspace, 1, ["sync"]);
  expect(log).toContain("is older than the one held");
});

test("another upstream gets unconditional requests", async () => {
  await using workspace = await createRunningMirror();
  await workspace.arrange(["sync"]);
  const dir = workspace.join("other");
  mkdirSync(dir);
  const other = await fakeUpstream({ dir, signedBy: workspace.key });
  other.suite("stable").addPackage("other", "1.0-1");
  await other.publish({ date: new Date(Date.now() - 3_600_000) });
  await using server = await serveDirectory(dir);
  // As an administrator does who moves to another mirror of a vendor and changes nothing else.
  const text = readFileSync(workspace.configFile, "utf8");
  writeFileSync(workspace.configFile, text.replace(workspace.server.url, server.url));
  server.fault({
    path: `/${suite}/InRelease`,
    before: (request) => expect(request.headers).not.toHaveProperty("if-modified-since"),
  });
  await workspace.run(["sync"]);
  const { working } = await workspace.published("debian");
  expect([...(working?.files.keys() ?? [])]).toContain("pool/main/o/other/other_1.0-1_amd64.deb");
});

test("a complete sync leaves no partial download, and a dry run removes none", async () => {
  await using workspace = await createRunningMirror();
  const partials = join(workspace.dir, ".mirrorctl/partial/debian");
  mkdirSync(partials, { recursive: true });
  const stray = join(partials, "0".repeat(64));
  writeFileSync(stray, "half");
  await workspace.run(["sync", "--dry-run"]);
  expect(readFileSync(stray, "utf8")).toBe("half");
  await workspace.run(["sync"]);
  expect(() => readFileSync(stray)).toThrow("ENOENT");
});
