/** A new user: from a line of sources.list to a client that updates, by the commands that the output itself names. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createAptClient, createWorkspace, startNginx } from "../support/index.ts";
import { complaintsOf, complaintsOfEachApt } from "./apt-use.ts";

test("init leads to a client that updates, with nothing to read but the output", async () => {
  await using workspace = await createWorkspace({});
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  await using nginx = await startNginx({ root: workspace.dir });
  const config = workspace.join("etc/mirror.toml");
  const options = { env: { MIRRORCTL_CONFIG: "/nonexistent" } };
  const line = `deb [signed-by=${workspace.keyFile}] ${workspace.server.url} stable main`;
  const flags = ["--id", "vendor", "--dir", workspace.dir, "--base-url", nginx.url];

  let result = await workspace.run(["--config", config, "init", "--from", line, ...flags], options);
  const typed: string[] = [];
  for (let next = nextIn(result); next !== undefined; next = nextIn(result)) {
    expect(typed).not.toContain(next);
    typed.push(next);
    result = await workspace.run(next.split(" ").slice(1), options);
  }
  expect(typed.map((command) => command.replace(` --config ${config}`, ""))).toEqual([
    "mirrorctl check config",
    "mirrorctl sync",
    "mirrorctl snapshot promote vendor",
    "mirrorctl client-config vendor",
  ]);
  expect(result.stderr).toContain("Then test it there: apt-get update\n");

  const complaints = await complaintsOfEachApt(workspace.join("clients"), async ({ kind, dir }) => {
    const client = await createAptClient({ kind, dir, sources: "" });
    writeAsPrinted(result.stdout, dir);
    return [await client.update(), await client.simulateInstall(["hello"])].flatMap(complaintsOf);
  });
  expect(complaints).toEqual([]);
});

/** Returns the command line that the last lines name. */
function nextIn({
  stdout,
  stderr,
}: {
  readonly stdout: string;
  readonly stderr: string;
}): string | undefined {
  const last = [stdout, stderr].flatMap((text) => text.trimEnd().split("\n").at(-1) ?? []);
  return last.flatMap((line) => /^(?:INFO {2})?Next: (mirrorctl .*)$/.exec(line)?.[1] ?? [])[0];
}

/** Writes each file that the output shows below its name, as a person would copy it: with the line of its name. */
function writeAsPrinted(text: string, dir: string): void {
  for (const part of text.split(/^(?=# \/etc\/)/m)) {
    const [, path = ""] = /^# \/(etc\/apt\/\S+)\n/.exec(part) ?? [];
    const own = join(dir, path.replace("etc/apt/", "etc/"));
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, part);
  }
}
