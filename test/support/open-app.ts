import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type App, appOf } from "../../src/app/app.ts";
import { createMirrorContext, historyOf, unconfiguredMirror } from "../../src/app/mirror-context.ts";
import { type Caller, openShared } from "../../src/app/shared.ts";
import { directoryPortsOpener, settingsOpener, syncPortsOpener } from "../../src/app/sync-ports.ts";
import { findMirror, parseConfig } from "../../src/config/index.ts";
import type { History } from "../../src/history/index.ts";
import type { MirrorContext } from "../../src/operations/context.ts";
import type { LeftoverPorts } from "../../src/operations/status/index.ts";
import type { SyncPorts } from "../../src/operations/sync/index.ts";
import type { Host } from "../../src/platform/machine/host.ts";
import type { Emit } from "../../src/report/events.ts";
import type { MovedDirectories, Timeouts } from "../../src/upstream/index.ts";
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
  /** An app, with what it opens for the verbs of a run. */
  readonly app: App & {
    readonly history: History;
    readonly unconfigured: LeftoverPorts["unconfigured"];
    readonly openSyncPorts: (mirror: MirrorContext) => Promise<SyncPorts>;
    /** The same, with a directory in place of the upstream. */
    readonly openPortsFrom: (
      directory: string,
      moved?: MovedDirectories,
    ) => (mirror: MirrorContext) => Promise<SyncPorts>;
  };
  /** In the order of the configuration. */
  readonly mirrors: readonly MirrorContext[];
  /** A mirror in a run of its own: what failed in another is over. */
  readonly mirror: (id: string) => MirrorContext;
}

/**
 * Opens the app of a configuration in this process, for tests that call operations: these belong to runs whose caller
 * is the host. See `createHost` for `settings`.
 */
export async function openApp(
  { path, text, emit = () => undefined, timeouts }: AppSource,
  settings: Partial<Host> = {},
): Promise<OpenedApp> {
  const host = createHost({ homeDir: dirname(path), ...settings });
  const source = { path, text: text ?? (await readFile(path, "utf8")), env: host.env, homeDir: host.homeDir };
  const config = await parseConfig(source);
  const shared = openShared(config, host, timeouts);
  const caller: Caller = { who: host.who, signal: host.signal, emit };
  const app = appOf(shared);
  return {
    app: {
      ...app,
      history: historyOf(shared, caller),
      unconfigured: unconfiguredMirror(shared, caller),
      openSyncPorts: syncPortsOpener(shared, settingsOpener(shared, emit)),
      openPortsFrom: (directory, moved) => directoryPortsOpener(shared, directory, moved),
    },
    mirrors: config.mirrors.map((mirror) => createMirrorContext(shared, caller, mirror)),
    mirror: (id) => {
      const ofItsOwn = { ...caller, signal: AbortSignal.any([host.signal]) };
      return createMirrorContext(shared, ofItsOwn, findMirror(config, id));
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}
