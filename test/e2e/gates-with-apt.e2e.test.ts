/** The gates that run apt, with each apt, on a mirror with everything that machines read in different ways. */
import { readdirSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { statusFile } from "../../src/operations/gates/clients/test-support.ts";
import type { SnapshotTestAnswer } from "../../src/report/json/schemas/gates.ts";
import { aptOnPath } from "../support/apt-programs.ts";
import { type AptKind, aptKinds, createWorkspace, type Workspace } from "../support/index.ts";

const architectures = ["amd64", "amd64v3", "i386"];
const gates = { apt: ["tool", "flat-tool:amd64"], profiles: ["web.status"], allow_remove: ["old-*"] };

/** Has "one" in production: suites with a variant, a second architecture, sources and translations, and a flat one. */
async function createProduction(): Promise<Workspace> {
  const mirror = { suites: ["stable", "sub/"], architectures, mirror_source: true, gates };
  const workspace = await createWorkspace({ snapshot: {}, mirrors: { debian: mirror } });
  const { upstream } = workspace;
  const stable = upstream.suite("stable", {
    architectures,
    validUntil: new Date(Date.now() + 7 * 86_400_000),
    extraReleaseFields: { Architectures: architectures.join(" ") },
  });
  stable.addTranslation("en").addSource("tool", "1.0-1").addPackage("old-tool", "1.0-1");
  for (const architecture of ["amd64", "i386"]) stable.addPackage("tool", "1.0-1", { architecture });
  stable.addPackage("tool", "1.0-1", {
    architecture: "amd64v3",
    fields: { Architecture: "amd64", "Architecture-Variant": "amd64v3" },
  });
  upstream.suite("sub/").addPackage("flat-tool", "1.0-1");
  writeFileSync(workspace.join("web.status"), statusFile(["tool 1.0-1", "old-tool 1.0-1", "flat-tool 0.9"]));
  // apt 3.3 removes only what was not asked for.
  writeFileSync(
    workspace.join("web.extended_states"),
    "Package: old-tool\nArchitecture: amd64\nAuto-Installed: 1\n\n",
  );
  await makeSnapshot(workspace, "one");
  await workspace.arrange(["snapshot", "publish", "debian", "one"]);
  return workspace;
}

async function makeSnapshot(workspace: Workspace, name: string): Promise<void> {
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "create", "debian", name, "--stage"]);
}

/** Returns the environment in which mirrorctl runs an apt of this kind, and has its temporary files. */
async function environmentOf(kind: AptKind, workspace: Workspace) {
  const TMPDIR = workspace.join("tmp");
  await mkdir(TMPDIR);
  return { env: { PATH: await aptOnPath(kind, workspace.join("bin")), TMPDIR }, temporary: TMPDIR };
}

/** Returns what is said of the gates apt and profiles. */
function saidOf(stdout: string): readonly string[] {
  const { gates: results } = JSON.parse(stdout) as SnapshotTestAnswer;
  return results
    .filter(({ gate }) => gate === "apt" || gate === "profiles")
    .flatMap(({ gate, verdict, details }) => [
      `${gate} ${verdict}`,
      ...details.map(({ message }) => message),
    ]);
}

describe.concurrent.each(aptKinds)("with the apt of %s", (kind) => {
  test("what machines can install and upgrade to is promoted, anything else is not", async () => {
    await using workspace = await createProduction();
    const { env, temporary } = await environmentOf(kind, workspace);
    const stable = workspace.upstream.suite("stable");
    stable.addPackage("tool", "2.0-1", { fields: { Conflicts: "old-tool" } }).removePackage("old-tool");
    await makeSnapshot(workspace, "two");
    const good = await workspace.run(["--json", "snapshot", "test", "debian"], { env });
    expect(saidOf(good.stdout)).toEqual(["apt passed", "profiles passed"]);
    await workspace.run(["snapshot", "promote", "debian"], { env });

    workspace.upstream.suite("sub/").addPackage("flat-tool", "2.0", { fields: { Depends: "nowhere" } });
    await makeSnapshot(workspace, "three");
    const bad = await workspace.run(["--json", "snapshot", "test", "debian"], { env, exitCode: 3 });
    const said = saidOf(bad.stdout);
    expect(said[0]).toBe("apt failed");
    expect(said.join("\n")).toMatch(/^amd64: .*flat-tool.*Depends:? nowhere/m);
    expect(said.filter((line) => /^(?:i386|profiles|web)/.test(line))).toEqual([
      "profiles failed",
      "web: flat-tool 0.9 is kept back, although the snapshot has 2.0",
    ]);
    const refused = await workspace.run(["snapshot", "promote", "debian"], { env, exitCode: 3 });
    expect(refused.stderr).toContain("fails the gate apt: ");
    expect((await workspace.published("debian")).production?.target).toMatch(/two$/);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
