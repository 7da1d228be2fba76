import { resolve } from "node:path";
import { type Caller, checkConfig, createApp, type InitOptions, initConfig, type Run } from "../app/index.ts";
import { type Config, type ConfigSource, parseConfig } from "../config/index.ts";
import { readConfigFiles } from "../config-files.ts";
import { configPathOf, defaultConfigPath } from "../config-path.ts";
import type { ConfigReport } from "../operations/check-config/index.ts";
import type { InitReport } from "../operations/init/index.ts";
import type { Host } from "../platform/machine/host.ts";
import type { Log } from "../report/log.ts";
import type { GlobalFlags } from "./flags.ts";
import { openReports, plainLog } from "./reports.ts";

/** One run of a command that needs a valid configuration. */
export interface Session extends AsyncDisposable {
  readonly host: Host;
  readonly flags: GlobalFlags;
  readonly run: Run;
  readonly log: Log;
  readonly print: Print;
}

/** Writes a result to standard output: `data` with --json, otherwise the text, for a terminal of so many columns. */
export type Print = (data: unknown, text: (columns: number | undefined) => string) => void;

/** `ids` are the mirrors of the run, none for all of them. */
export async function openSession(host: Host, flags: GlobalFlags, ids: readonly string[]): Promise<Session> {
  await host.limitHeap();
  const config = await parseConfig(readConfig(host, flags));
  const { log, close } = openReports(host, flags, config, namesNeededBy(config, ids));
  const app = createApp(config, host);
  return {
    host,
    flags,
    run: app.run({ who: host.who, signal: host.signal, emit: log.emit, emitRun: log.emitRun }),
    log,
    print: printer(host, flags),
    async [Symbol.asyncDispose]() {
      close();
      await app[Symbol.asyncDispose]();
    },
  };
}

/** A line of the log names its mirror if the run has another one. */
function namesNeededBy(config: Config, ids: readonly string[]): (mirror: string) => boolean {
  const all = ids.length > 0 ? ids : config.mirrors.map(({ id }) => id);
  return (mirror) => all.some((id) => id !== mirror);
}

export const printer =
  (host: Host, flags: GlobalFlags): Print =>
  (data, text) => {
    const columns = host.stdout.isTerminal ? host.stdout.columns : undefined;
    host.stdout.write(flags.json ? `${JSON.stringify(data, undefined, 2)}\n` : text(columns));
  };

/** Checks the configuration that the flags name; it need not be valid. */
export function inspect(host: Host, flags: GlobalFlags): Promise<ConfigReport> {
  const caller: Caller = { who: host.who, signal: host.signal, emit: plainLog(host, flags).emit };
  return checkConfig(readConfig(host, flags), host, caller);
}

/** For commands that need no configuration. */
export { importConfig, showKeys } from "../app/index.ts";

/** Writes a configuration; it need not exist yet. */
export const writeConfig = (
  host: Host,
  flags: GlobalFlags,
  options: Omit<InitOptions, "path">,
): Promise<InitReport> =>
  initConfig({ ...options, path: resolve(configPathOf(flags.config, host.env)) }, host);

function readConfig(host: Host, flags: GlobalFlags): ConfigSource {
  const path = configPathOf(flags.config, host.env);
  const hint = `Write one: mirrorctl init\nOr name another with --config or MIRRORCTL_CONFIG; the default is ${defaultConfigPath}.`;
  return { ...readConfigFiles(path, hint), env: host.env, homeDir: host.homeDir };
}
