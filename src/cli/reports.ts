import type { Config } from "../config/index.ts";
import type { Host } from "../platform/machine/host.ts";
import { progressFollower } from "../report/json/progress-lines.ts";
import { createLog, type Log, type LogSettings } from "../report/log.ts";
import { createProgress } from "../report/terminal/progress.ts";
import { terminalOf } from "../report/terminal/terminal.ts";
import type { Sandbox } from "../report/words/sandbox.ts";
import type { GlobalFlags } from "./flags.ts";

interface Reports {
  readonly log: Log;
  readonly close: () => void;
}

/** Opens the log of a run in the configured form, with the bars below it on a terminal. */
export function openReports(
  host: Host,
  flags: GlobalFlags,
  config: Config,
  needsName: LogSettings["needsName"],
): Reports {
  const format = flags.json ? "json" : config.log.format;
  const terminal = terminalOf(host.stderr, host.env);
  const settings = {
    level: flags.quiet ? "error" : (flags.logLevel ?? config.log.level),
    format,
    colour: format === "text" && terminal.hasColour,
    verboseErrors: flags.verboseErrors,
    isJournal: host.stderr.isJournal === true,
    sandbox: sandboxOf(host, config),
    needsName,
    now: host.now,
    write: host.stderr.write,
  } as const;
  if (format !== "text" || !terminal.canRedraw || flags.quiet) return openPlainReports(host, settings);
  const progress = createProgress(host.stderr, host.now);
  const unwatch = onInterrupt(host, progress.interrupt);
  const log = createLog({ ...settings, write: progress.writeAbove });
  return {
    log: {
      ...log,
      emit(event) {
        progress.follow(event);
        log.emit(event);
      },
    },
    close() {
      unwatch();
      progress.close();
    },
  };
}

/** The log of a command that does not take its form from the configuration. */
export function plainLog(host: Host, { logLevel, quiet, json, verboseErrors }: PlainFlags): Log {
  return createLog({
    level: quiet ? "error" : (logLevel ?? "info"),
    format: json ? "json" : "text",
    colour: terminalOf(host.stderr, host.env).hasColour,
    verboseErrors,
    isJournal: host.stderr.isJournal === true,
    needsName: () => false,
    now: host.now,
    write: host.stderr.write,
  });
}

/** Returns undefined outside of systemd, or if the unit lets mirrorctl write all that it has to. */
function sandboxOf({ service, who }: Host, { dir, mirrors }: Config): Sandbox | undefined {
  if (service === undefined) return undefined;
  const allowed = [...service.stateDirectories];
  const directories: string[] = [];
  for (const path of [dir, ...mirrors.map(({ snapshot }) => snapshot.path)]) {
    if (allowed.some((directory) => path === directory || path.startsWith(`${directory}/`))) continue;
    directories.push(path);
    allowed.push(path);
  }
  if (directories.length === 0) return undefined;
  return { unit: service.unit, user: who, directories, paths: togetherIfPossible(directories) };
}

/** Each path of a unit is a mount of its own, and hard links do not cross mounts: one path above all is better. */
function togetherIfPossible(paths: readonly string[]): readonly string[] {
  const common = paths.reduce((above, path) => {
    const [one, other] = [above.split("/"), path.split("/")];
    const end = one.findIndex((name, index) => name !== other[index]);
    return one.slice(0, end < 0 ? one.length : end).join("/");
  });
  return common === "" ? paths : [common];
}

type PlainFlags = Omit<GlobalFlags, "config">;

function openPlainReports(host: Host, settings: LogSettings): Reports {
  // The terminal shows ^C at the cursor.
  const endLine = (): void => (host.stderr.isTerminal ? host.stderr.write("\n") : undefined);
  const log = createLog(settings);
  return {
    log: settings.format === "json" ? withProgress(log, host.now) : log,
    close: onInterrupt(host, endLine),
  };
}

/** A program reads progress in lines of the log. */
function withProgress(log: Log, now: () => Date): Log {
  const follow = progressFollower(now, log.progress);
  return {
    ...log,
    emit(event) {
      follow(event);
      log.emit(event);
    },
  };
}

function onInterrupt({ signal }: Host, callback: () => void): () => void {
  signal.addEventListener("abort", callback);
  return () => signal.removeEventListener("abort", callback);
}
