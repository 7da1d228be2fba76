import { readFile } from "node:fs/promises";
import { createApp } from "../../src/app.ts";
import { parseConfig } from "../../src/config/index.ts";
import type { MirrorContext } from "../../src/operations/context.ts";
import { createHost, type Workspace } from "../support/index.ts";

/** The mirror as the commands see it, in this process. */
export async function openMirror(workspace: Workspace): Promise<MirrorContext> {
  const text = await readFile(workspace.configFile, "utf8");
  const config = await parseConfig({ text, path: workspace.configFile, env: {}, homeDir: workspace.path });
  const host = createHost({ homeDir: workspace.path });
  const [mirror] = config.mirrors;
  if (mirror === undefined) throw new Error("the workspace has no mirror");
  return createApp(config, host, () => undefined).mirror(mirror);
}
