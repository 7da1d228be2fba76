/** What a promotion would change, in packages: production, staging, snapshots and the working mirror compared. */
import { expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../support/index.ts";

/** Has "one" in production and a newer "two" in staging, of two suites, two architectures and sources. */
async function createStaged(): Promise<Workspace> {
  const mirror = { suites: ["stable", "updates"], architectures: ["amd64", "arm64"], mirror_source: true };
  const workspace = await createWorkspace({ snapshot: {}, mirrors: { debian: mirror } });
  const { upstream } = workspace;
  const stable = upstream.suite("stable", { architectures: ["amd64", "arm64", "all"] });
  const updates = upstream.suite("updates", { architectures: ["amd64", "arm64"] });
  for (const architecture of ["amd64", "arm64"]) updates.addPackage("tzdata", "1.0", { architecture });
  stable.addPackage("docs", "1:1.0", { architecture: "all" }).addPackage("old", "1.0-1");
  stable.addPackage("libssl", "3.0~rc1", { fields: { Source: "openssl" } }).addPackage("openssl", "3.0~rc1");
  stable.addSource("openssl", "3.0~rc1");
  await upstream.publish();
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "create", "debian", "one"]);
  await workspace.arrange(["snapshot", "publish", "debian", "one"]);
  for (const name of ["docs", "old", "libssl", "openssl"]) stable.removePackage(name);
  stable.addPackage("docs", "2.0", { architecture: "all" }).addPackage("fresh", "1.0-1");
  stable.addPackage("libssl", "3.0", { fields: { Source: "openssl" } }).addPackage("openssl", "3.0");
  stable.removeSource("openssl").addSource("openssl", "3.0");
  await upstream.publish();
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "create", "debian", "two", "--stage"]);
  return workspace;
}

test.concurrent("says what a promotion changes", async () => {
  await using workspace = await createStaged();
  const { stdout } = await workspace.run(["snapshot", "diff", "debian"]);
  expect(stdout).toBe(`debian: changes from one (production) to two (staging)

SUITE     SECTION  ARCHITECTURE  DOWNGRADED  REMOVED  UPGRADED  ADDED
stable    main     all           1           0        0         0
stable    main     amd64         1           1        2         1
stable    main     arm64         1           0        0         0
stable    main     source        0           0        1         0
packages                         1           1        3         1

Look at these first:
  downgraded       docs 1:1.0 -> 2.0 (stable main all,amd64,arm64)
  removed          old 1.0-1 (stable main amd64)

By source:
  added            fresh 1.0-1 (stable main amd64)
  upgraded         openssl 3.0~rc1 -> 3.0: libssl, openssl (stable main amd64)
  upgraded         openssl 3.0~rc1 -> 3.0 (stable main source)
`);
  const { stdout: markdown } = await workspace.run(["snapshot", "diff", "debian", "--format", "markdown"]);
  expect(markdown).toContain(
    "\n| downgraded | `docs` | `1:1.0 -> 2.0` | `docs` | stable main all,amd64,arm64 |\n",
  );
  await workspace.run(["snapshot", "promote", "debian"]);
  expect((await workspace.run(["snapshot", "diff", "debian"])).stdout).toBe(
    "debian: changes from two (staging, production) to two (staging, production)\n\nNo package differs.\n",
  );
});

test.concurrent("prints JSON, for one source if asked to", async () => {
  await using workspace = await createStaged();
  const args = ["--json", "snapshot", "diff", "debian", "one", "working", "--source", "openssl"];
  const { stdout } = await workspace.run(args);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: "mirrorctl.diff/1",
    from: { name: "one", shownAs: ["production"] },
    to: { name: "(working mirror)", shownAs: [] },
    counts: { upgraded: 3, downgraded: 0 },
    sources: [{ source: "openssl", changes: [{ package: "libssl" }, { package: "openssl" }, {}] }],
  });
});

test.concurrent("refuses a format that does not exist", async () => {
  await using workspace = await createWorkspace({ mirrors: { debian: {} } });
  const { stderr } = await workspace.run(["snapshot", "diff", "debian", "--format", "html"], { exitCode: 2 });
  expect(stderr).toContain("Allowed choices are text, json, markdown");
});
