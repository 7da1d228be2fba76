import { type App, createApp } from "../app.ts";
import {
  type Config,
  type ConfigInspection,
  type ConfigSource,
  findMirror,
  inspectConfig,
  type MirrorConfig,
  parseConfig,
  selectMirrors,
} from "../config/index.ts";
import type { MirrorContext } from "../operations/context.ts";
import { readConfigText } from "../operations/read-config-text.ts";
import { invokerOf, type Worker } from "../operations/site-owner.ts";
import type { Host } from "../platform/host.ts";
import type { Log } from "../report/log.ts";
import { defaultConfigPath, type GlobalFlags } from "./flags.ts";
import { openReports } from "./reports.ts";

/** One run of a command that works on the configuration: what it works with, and where it reports. */
export interface Session extends AsyncDisposable {
  readonly host: Host;
  readonly flags: GlobalFlags;
  readonly app: App;
  readonly log: Log;
  /** The mirrors named, or all of them: those that the run is about. */
  mirrors(ids: readonly string[]): readonly MirrorContext[];
  mirror(id: string): MirrorContext;
  /** Every mirror of the configuration, for a run that is about some of them. */
  allMirrors(): readonly MirrorContext[];
  /** A result on standard output: `data` with --json, else the text, for a terminal of so many columns if it is one. */
  print(data: unknown, text: (columns: number | undefined) => string): void;
}

export async function openSession(host: Host, flags: GlobalFlags): Promise<Session> {
  return sessionOf(await parseConfig(readConfig(host, flags)), host, flags);
}

/** A configuration with all of its problems, and its mirrors where it has none. */
export interface Inspection extends AsyncDisposable {
  readonly host: Host;
  readonly config: ConfigInspection;
  readonly mirrors: readonly MirrorContext[];
  readonly worker: Worker;
  readonly print: Session["print"];
}

export function openInspection(host: Host, flags: GlobalFlags): Inspection {
  const inspection = inspectConfig(readConfig(host, flags));
  const { config } = inspection;
  const session = config && sessionOf(config, host, flags);
  return {
    host,
    config: inspection,
    mirrors: config === undefined || session === undefined ? [] : session.allMirrors(),
    worker: session?.app.worker ?? invokerOf(host),
    print: printer(host, flags),
    [Symbol.asyncDispose]: async () => session?.[Symbol.asyncDispose](),
  };
}

function readConfig(host: Host, flags: GlobalFlags): ConfigSource {
  const path = flags.config ?? host.env.MIRRORCTL_CONFIG ?? defaultConfigPath;
  const hint = `Name another with --config or MIRRORCTL_CONFIG; the default is ${defaultConfigPath}.`;
  return { text: readConfigText(path, hint), path, env: host.env, homeDir: host.homeDir };
}

const printer =
  (host: Host, flags: GlobalFlags): Session["print"] =>
  (data, text) => {
    const columns = host.stdout.isTerminal ? host.stdout.columns : undefined;
    host.stdout.write(flags.json ? `${JSON.stringify(data, undefined, 2)}\n` : text(columns));
  };

function sessionOf(config: Config, host: Host, flags: GlobalFlags): Session {
  let ofRun: readonly MirrorConfig[] = [];
  const needsName = (mirror: string): boolean => ofRun.some(({ id }) => id !== mirror);
  const { log, close } = openReports(host, flags, config, needsName);
  const app = createApp(config, host, log.emit);
  const context = (mirror: MirrorConfig): MirrorContext => app.mirror(mirror);
  return {
    host,
    flags,
    app,
    log,
    mirrors(ids) {
      ofRun = selectMirrors(config, ids);
      return ofRun.map(context);
    },
    mirror(id) {
      const mirror = findMirror(config, id);
      ofRun = [mirror];
      return context(mirror);
    },
    allMirrors: () => config.mirrors.map(context),
    print: printer(host, flags),
    async [Symbol.asyncDispose]() {
      close();
      await app[Symbol.asyncDispose]();
    },
  };
}
