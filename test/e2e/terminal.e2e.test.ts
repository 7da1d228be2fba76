/** mirrorctl in a terminal, as a person sees it. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import {
  createWorkspace,
  executable,
  startInTmux,
  type TmuxTerminal,
  type Workspace,
} from "../support/index.ts";
import { until } from "./until.ts";

const mebibyte = 1 << 20;
const suiteOf = { noble: "stable", "debian-bookworm-security": "testing" } as const;
const mirrors = ["noble", "debian-bookworm-security"] as const;

/** Starts two mirrors and waits until each is in the middle of a large file of its own, in a terminal of 100 columns. */
async function startSync(workspace: Workspace): Promise<TmuxTerminal> {
  workspace.configure({
    mirrors: Object.fromEntries(mirrors.map((id) => [id, { suites: [suiteOf[id]] }])),
  });
  for (const id of mirrors) {
    const name = `big-${suiteOf[id]}`;
    workspace.upstream
      .suite(suiteOf[id])
      .addPackage(name, "1.0-1", { files: { "usr/share/big": randomBytes(3 * mebibyte) } });
    workspace.server.fault({ path: `/pool/main/b/${name}/${name}_1.0-1_amd64.deb`, stallAt: 2 * mebibyte });
  }
  await workspace.upstream.publish();
  const terminal = await startTerminal(workspace, ["sync"]);
  await until(() => mirrors.every((id) => isHalfHeld(workspace, id)));
  return terminal;
}

async function startTerminal(workspace: Workspace, args: readonly string[]): Promise<TmuxTerminal> {
  const dir = workspace.join("terminal");
  await mkdir(dir);
  const env = { HOME: workspace.path, MIRRORCTL_CONFIG: workspace.configFile };
  return startInTmux({ dir, columns: 100, commandLine: [executable, ...args], env });
}

function isHalfHeld(workspace: Workspace, id: string): boolean {
  const directory = workspace.join("www/.mirrorctl/partial", id);
  if (!existsSync(directory)) return false;
  const sizes = readdirSync(directory).map(
    (name) => statSync(`${directory}/${name}`, { throwIfNoEntry: false })?.size,
  );
  return sizes.some((size) => size === 2 * mebibyte);
}

const isBar = (line: string): boolean => / \d+%.* left$/.test(line);

/** Returns the screen once the last two lines are bars for this width; only a wide one has room for counts of files. */
async function screenAt(terminal: TmuxTerminal, columns: number): Promise<readonly string[]> {
  await terminal.resize(columns);
  const isFitting = (line: string): boolean =>
    isBar(line) && line.length < columns && line.includes("files") === columns > 100;
  let lines: readonly string[] = [];
  await until(async () => {
    lines = await terminal.screen();
    return lines.length > 2 && lines.slice(-2).every(isFitting);
  });
  return lines;
}

describe.concurrent("in a terminal", () => {
  test("bars are aligned, fit, show rate and time left, and follow a resize", async () => {
    await using workspace = await createWorkspace({});
    await using terminal = await startSync(workspace);
    for (const columns of [80, 60, 120, 70, 110]) {
      const lines = await screenAt(terminal, columns);
      const bars = lines.slice(-2);
      for (const bar of bars) expect(bar).toMatch(/\] +\d+% .*\d [kM]?B\/s +\d+\w.* left$/);
      expect(new Set(bars.map((bar) => bar.indexOf("%"))).size).toBe(1);
      expect(lines.filter((line) => line.includes("%"))).toEqual(bars); // no stale ones
      const log = (await terminal.everything()).filter((line) => line.includes("Starting sync"));
      expect(log).toHaveLength(2);
    }
  });

  test("Ctrl-C erases the bars and is reported once, with how to continue", async () => {
    await using workspace = await createWorkspace({});
    await using terminal = await startSync(workspace);
    await screenAt(terminal, 120);
    await terminal.press("C-c");
    await until(async () => (await terminal.exitStatus()) !== undefined);
    expect(await terminal.exitStatus()).toBe(130);
    const lines = await terminal.screen();
    const at = lines.findIndex((line) => line.startsWith("ERROR"));
    expect(lines.slice(at)).toEqual([
      "ERROR interrupted by SIGINT: what has come so far is kept, and the next run continues from it",
      expect.stringMatching(
        /^INFO {2}Sync of 2 mirrors ended after \d+s: 2 interrupted \(noble, debian-bookworm-security\)$/,
      ),
      expect.stringMatching(/^MIRROR/),
      expect.stringMatching(/^noble +interrupted/),
      expect.stringMatching(/^debian-bookworm-security +interrupted/),
    ]);
    expect(lines.join("\n")).not.toMatch(/\^C|left$|Sync failed/m);
    expect(await recordsOf(workspace)).toEqual(records("SIGINT"));
  });

  test("a closed terminal ends a sync as SIGTERM does, and the history records it", async () => {
    await using workspace = await createWorkspace({});
    await using terminal = await startSync(workspace);
    await terminal.hangUp();
    await until(async () => (await workspace.run(["history"])).stdout.split("SIGHUP").length === 3);
    expect(await recordsOf(workspace)).toEqual(records("SIGHUP"));
  });
});

/** Returns how the syncs of the mirrors ended, from the history. */
async function recordsOf(workspace: Workspace): Promise<readonly unknown[]> {
  const { stdout } = await workspace.run(["history", "--json"]);
  return JSON.parse(stdout);
}

const records = (signal: string): readonly unknown[] => {
  const detail = expect.stringContaining(`interrupted by ${signal}`);
  const recordOf = (mirror: string) =>
    expect.objectContaining({ mirror, action: "sync", result: "failed", detail });
  return expect.arrayContaining(mirrors.map(recordOf));
};
