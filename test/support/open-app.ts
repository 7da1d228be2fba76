import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type App, createApp } from "../../src/app.ts";
import { findMirror, parseConfig } from "../../src/config/index.ts";
import type { MirrorContext } from "../../src/operations/context.ts";
import type { Host } from "../../src/platform/host.ts";
import type { Emit } from "../../src/report/events.ts";
import type { Timeouts } from "../../src/upstream/index.ts";
import { createHost } from "./host.ts";

export interface AppSource {
  /** The path of the configuration file. */
  readonly path: string;
  /** Default: what the file contains. */
  readonly text?: string;
  readonly emit?: Emit;
  readonly timeouts?: Timeouts | undefined;
}

export interface OpenedApp extends AsyncDisposable {
  readonly app: App;
  /** In the order of the configuration. */
  readonly mirrors: readonly MirrorContext[];
  readonly mirror: (id: string) => MirrorContext;
}

/** Opens the app of a configuration in this process, for tests that call operations. See `createHost` for `settings`. */
export async function openApp(
  { path, text, emit = () => undefined, timeouts }: AppSource,
  settings: Partial<Host> = {},
): Promise<OpenedApp> {
  const host = createHost({ homeDir: dirname(path), ...settings });
  const source = { path, text: text ?? (await readFile(path, "utf8")), env: host.env, homeDir: host.homeDir };
  const config = await parseConfig(source);
  const app = createApp(config, host, emit, timeouts);
  return {
    app,
    mirrors: config.mirrors.map(app.mirror),
    mirror: (id) => app.mirror(findMirror(config, id)),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}
