import { Command, Help, Option } from "commander";
import { defaultConfigPath } from "../config-path.ts";
import type { Host } from "../platform/machine/host.ts";
import { exitStatusOf, exitStatusWords } from "../report/errors.ts";
import { logLevels } from "../report/levels.ts";
import { build } from "../version.ts";
import type { CommandHost } from "./command-host.ts";
import { commandTable } from "./command-table.ts";
import type { GlobalFlags } from "./flags.ts";
import { addCommands, defineAll } from "./lazy-commands.ts";

/** The exit statuses for the help of every command, wrapped like the rest of it. */
function exitStatusHelp(columns: number): string {
  const statuses = exitStatusWords.map(([status, words]) => `${status} ${words}`);
  return `\n${new Help().boxWrap(`Exit status: ${statuses.join("; ")}.`, columns)}`;
}

/**
 * Makes the command line. `setStatus` receives the exit status of a command that ended without an exception, and `writeUsage`
 * what is wrong with a command line.
 */
export function createProgram(
  host: Host,
  setStatus: (status: number) => void,
  writeUsage: (text: string) => void,
): Command {
  const program = new Command("mirrorctl")
    .description(
      "Mirrors APT repositories, freezes them as snapshots, and promotes them from staging to production.",
    )
    .option("-c, --config <file>", `configuration (default: ${defaultConfigPath}, or MIRRORCTL_CONFIG)`)
    .addOption(new Option("-l, --log-level <level>", "what to log").choices(logLevels))
    .option("--verbose-errors", "show causes and where they arose")
    .option("-q, --quiet", "log errors only")
    .option("--json", "report as JSON on standard output")
    .version(build.version, "--version", "show the version")
    .helpOption("-h, --help", "show help")
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("afterAll", () => exitStatusHelp(host.stdout.columns))
    .showHelpAfterError("(add --help for how it is used)")
    .exitOverride()
    .configureOutput({
      writeOut: host.stdout.write,
      writeErr: writeUsage,
      getOutHelpWidth: () => host.stdout.columns,
      getErrHelpWidth: () => host.stderr.columns,
      outputError: (text, write) => write(text.replace(/^error: (?:command-argument )?/, "ERROR ")),
    });
  const commands: CommandHost = {
    stdin: host.stdin,
    async wholeProgram() {
      await defineAll(program);
      return program;
    },
    run: async (work) => setStatus((await work(host, flagsOf(program))) ?? 0),
    runSession: async (ids, work) => {
      const { openSession } = await import("./session.ts");
      await using session = await openSession(host, flagsOf(program), ids);
      try {
        setStatus((await work(session)) ?? 0);
      } catch (error) {
        session.log.error(error); // above the bars, which are still drawn
        setStatus(exitStatusOf(error));
      }
    },
  };
  addCommands(program, commandTable, commands);
  return program;
}

function flagsOf(program: Command): GlobalFlags {
  const { config, logLevel, verboseErrors, quiet, json } = program.opts<Partial<GlobalFlags>>();
  return {
    config,
    logLevel,
    verboseErrors: verboseErrors === true,
    quiet: quiet === true,
    json: json === true,
  };
}
