import { readFile } from "node:fs/promises";
import { createApp } from "../../src/app.ts";
import { parseConfig } from "../../src/config/index.ts";
import type { MirrorContext } from "../../src/operations/context.ts";
import type { Workspace } from "../support/index.ts";

/** The mirror as the commands see it, in this process. */
export async function openMirror(workspace: Workspace): Promise<MirrorContext> {
  const text = await readFile(workspace.configFile, "utf8");
  const config = await parseConfig({ text, path: workspace.configFile, env: {}, homeDir: workspace.path });
  const silent = { isTerminal: false, columns: 80, write: () => undefined };
  const host = {
    env: {},
    homeDir: workspace.path,
    who: "tester",
    pid: 1,
    signal: new AbortController().signal,
    now: () => new Date(),
    pause: () => Promise.resolve(),
    stdout: silent,
    stderr: silent,
  };
  const [mirror] = config.mirrors;
  if (mirror === undefined) throw new Error("the workspace has no mirror");
  return createApp(config, host, () => undefined).mirror(mirror);
}
