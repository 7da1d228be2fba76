import { type App, createApp } from "../app.ts";
import {
  type Config,
  ConfigError,
  type ConfigInspection,
  type ConfigSource,
  findMirror,
  inspectConfig,
  type MirrorConfig,
  parseConfig,
  selectMirrors,
} from "../config/index.ts";
import { whyUnreadable } from "../errors.ts";
import type { MirrorContext } from "../operations/context.ts";
import { invokerOf, type Worker } from "../operations/site-owner.ts";
import { readTextFile } from "../platform/files.ts";
import type { Host } from "../platform/host.ts";
import { createLog, type Log } from "../report/log.ts";
import { createProgress } from "../report/progress.ts";
import { defaultConfigPath, type GlobalFlags } from "./flags.ts";

/** One run of a command that works on the configuration: what it works with, and where it reports. */
export interface Session extends AsyncDisposable {
  readonly host: Host;
  readonly flags: GlobalFlags;
  readonly app: App;
  readonly log: Log;
  /** The mirrors named, or all of them. */
  mirrors(ids: readonly string[]): readonly MirrorContext[];
  mirror(id: string): MirrorContext;
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
    mirrors:
      config === undefined || session === undefined
        ? []
        : session.mirrors(config.mirrors.map(({ id }) => id)),
    worker: session?.app.worker ?? invokerOf(host),
    print: printer(host, flags),
    [Symbol.asyncDispose]: async () => session?.[Symbol.asyncDispose](),
  };
}

function readConfig(host: Host, flags: GlobalFlags): ConfigSource {
  const path = flags.config ?? host.env.MIRRORCTL_CONFIG ?? defaultConfigPath;
  return { text: readConfigText(path), path, env: host.env, homeDir: host.homeDir };
}

const printer =
  (host: Host, flags: GlobalFlags): Session["print"] =>
  (data, text) => {
    const columns = host.stdout.isTerminal ? host.stdout.columns : undefined;
    host.stdout.write(flags.json ? `${JSON.stringify(data, undefined, 2)}\n` : text(columns));
  };

function sessionOf(config: Config, host: Host, flags: GlobalFlags): Session {
  const { log, close } = openReports(host, flags, config);
  const app = createApp(config, host, log.emit);
  const context = (mirror: MirrorConfig): MirrorContext => app.mirror(mirror);
  return {
    host,
    flags,
    app,
    log,
    mirrors: (ids) => selectMirrors(config, ids).map(context),
    mirror: (id) => context(findMirror(config, id)),
    print: printer(host, flags),
    async [Symbol.asyncDispose]() {
      close();
      await app[Symbol.asyncDispose]();
    },
  };
}

function openReports(
  host: Host,
  flags: GlobalFlags,
  config: Config,
): { readonly log: Log; readonly close: () => void } {
  const level = flags.quiet ? "error" : (flags.logLevel ?? config.log.level);
  const settings = {
    level,
    format: config.log.format,
    colour: config.log.format === "text" && host.stderr.isTerminal && host.env.NO_COLOR === undefined,
    verboseErrors: flags.verboseErrors,
    now: host.now,
    write: host.stderr.write,
  };
  const showsBars = host.stderr.isTerminal && settings.format === "text" && !flags.quiet;
  if (!showsBars) return { log: createLog(settings), close: () => undefined };
  const progress = createProgress(host.stderr, host.now);
  const log = createLog({ ...settings, write: progress.writeAbove });
  return {
    log: {
      error: log.error,
      emit(event) {
        progress.follow(event);
        log.emit(event);
      },
    },
    close: progress.close,
  };
}

function readConfigText(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    throw new ConfigError("FILE_UNREADABLE", `cannot read the configuration file ${path}: ${reason}`, {
      facts: { path },
      hint: `Name another with --config or MIRRORCTL_CONFIG; the default is ${defaultConfigPath}.`,
      cause: error,
    });
  }
}
