import { readdirSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { createHost } from "../../test/support/host.ts";
import { temporaryDirectory } from "../../test/support/index.ts";
import { systemPath } from "../../test/support/run-program.ts";
import { openPrograms } from "../platform/machine/programs.ts";
import { openApt } from "./apt.ts";

const platform = { architecture: "amd64", foreign: [], variant: undefined };

/** Opens an apt whose apt-get is a script. */
async function openScript(directory: string, script: string, stop = new AbortController()) {
  const [bin, tempDir] = [`${directory}/bin`, `${directory}/tmp`];
  await mkdir(bin);
  await mkdir(tempDir);
  await writeFile(`${bin}/apt-get`, `#!/bin/sh\n${script}\n`);
  await chmod(`${bin}/apt-get`, 0o755);
  const { signalGroup } = createHost();
  const programs = openPrograms(`${bin}:${systemPath}`, { signal: stop.signal, signalGroup });
  return { apt: openApt({ programs, tempDir }), stop, tempDir };
}

test("says what to install where there is no apt", async () => {
  const { signalGroup } = createHost();
  const { signal } = new AbortController();
  const apt = openApt({ programs: openPrograms("/nonexistent", { signal, signalGroup }), tempDir: "/tmp" });
  await expect(apt.version()).rejects.toMatchObject({
    code: "APT_MISSING",
    hint: expect.stringContaining("Install the package apt"),
  });
});

test("ends apt, and removes its root, if the run is stopped", async () => {
  await using directory = await temporaryDirectory(undefined, "/tmp");
  const { apt, stop, tempDir } = await openScript(directory.path, "exec sleep 600");
  const reason = new Error("stopped");
  const run = async (): Promise<void> => {
    await using machine = await apt.openMachine(platform, []);
    expect(readdirSync(tempDir)).toHaveLength(1);
    const updating = machine.update();
    stop.abort(reason);
    await updating;
  };
  await expect(run()).rejects.toBe(reason);
  expect(readdirSync(tempDir)).toEqual([]);
});

test("fails if something ends apt", async () => {
  await using directory = await temporaryDirectory(undefined, "/tmp");
  const { apt } = await openScript(directory.path, "kill -KILL $$");
  await using machine = await apt.openMachine(platform, []);
  await expect(machine.update()).rejects.toMatchObject({
    code: "APT_FAILED",
    message: "apt-get update was ended by SIGKILL",
  });
});

test("gives apt no environment but what it needs", async () => {
  await using directory = await temporaryDirectory(undefined, "/tmp");
  const { apt } = await openScript(directory.path, "env | sed 's/^/W: /'");
  await using machine = await apt.openMachine(platform, []);
  const names = (await machine.update()).map((line) => /^W: (\w+)/.exec(line)?.[1] ?? line);
  expect(new Set(names)).toEqual(new Set(["APT_CONFIG", "HOME", "LC_ALL", "PATH", "PWD", "TMPDIR"]));
});
