import { readlink } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../../src/errors.ts";
import { checkJson } from "./check-json.ts";
import { assertBuilt, type CommandResult, type RunningCommand, startExecutable } from "./executable.ts";
import { runCommand } from "./run-command.ts";
import { systemPath } from "./run-program.ts";
import { createTestbed, type Testbed, type TestbedConfig } from "./testbed.ts";
import { listFiles, readTree } from "./trees.ts";

export interface RunOptions {
  /** The expected exit status; another one fails the test. Default: 0. */
  readonly exitCode?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user; needs root. */
  readonly userId?: number;
  /** See StartOptions. */
  readonly through?: (commandLine: readonly string[]) => readonly string[];
}

/** One public name as clients see it: the target of its link, and the whole tree there. */
export interface ShownTree {
  readonly target: string;
  readonly files: ReadonlyMap<string, string>;
}

export interface Published {
  readonly staging: ShownTree | undefined;
  readonly production: ShownTree | undefined;
  readonly working: ShownTree | undefined;
}

/** A testbed with the built executable. */
export interface Workspace extends Testbed {
  /** Runs mirrorctl to its end, and compares its JSON with docs/schemas. */
  run(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /**
   * Runs it in this process, and throws unless it succeeds. For what is there before the part that a test is about: to start the
   * executable takes several times as long.
   */
  arrange(args: readonly string[]): Promise<void>;
  start(args: readonly string[], options?: Omit<RunOptions, "exitCode">): RunningCommand;
  published(id: string): Promise<Published>;
  /** Returns every file and link of the workspace, except locks and state. */
  everything(): Promise<ReadonlyMap<string, string>>;
  /** Returns downloads and trees of runs that did not end well. */
  leftovers(): Promise<readonly string[]>;
}

/** Makes a workspace whose configuration has the given mirrors; see `createTestbed`. */
export async function createWorkspace(config: TestbedConfig): Promise<Workspace> {
  assertBuilt();
  const testbed = await createTestbed(withNameFormat(config), { prefix: "mirrorctl-e2e-" });
  const { dir, path, configFile } = testbed;
  const env = { PATH: systemPath, HOME: path, LC_ALL: "C", MIRRORCTL_CONFIG: configFile };
  const start: Workspace["start"] = (args, options = {}) =>
    startExecutable(args, { ...options, env: { ...env, ...options.env } });
  return {
    ...testbed,
    configure: (other) => testbed.configure(withNameFormat(other)),
    start,
    async run(args, { exitCode = 0, ...options } = {}) {
      const result = await start(args, options).ended;
      if (result.exitCode === exitCode) {
        checkJson(args, result.stdout);
        return result;
      }
      const found = `${result.exitCode} instead of ${exitCode}`;
      throw new Error(`mirrorctl ${args.join(" ")}: exit status ${found}\n${result.stderr}${result.stdout}`);
    },
    async arrange(args) {
      const { status, stderr } = await runCommand(args, { env, homeDir: path });
      if (status !== 0) throw new Error(`mirrorctl ${args.join(" ")}: exit status ${status}\n${stderr}`);
    },
    published: async (id) => ({
      staging: await shownAt(join(dir, id, "staging")),
      production: await shownAt(join(dir, id, "current")),
      working: await shownAt(join(dir, id, ".live")),
    }),
    everything: async () => new Map([...(await readTree(path))].filter(([name]) => !isLockOrState(name))),
    leftovers: async () => (await listFiles(dir)).filter((name) => leftover.test(name)),
  };
}

/** Fast tests sync more than once a second, so names have milliseconds; everything else is as users have it. */
const nameFormat = "2006-01-02T15-04-05.000Z";

const withNameFormat = ({ snapshot, ...others }: TestbedConfig): TestbedConfig =>
  snapshot === undefined
    ? others
    : { ...others, snapshot: { default_name_format: nameFormat, ...(snapshot as object) } };

async function shownAt(link: string): Promise<ShownTree | undefined> {
  try {
    return { target: await readlink(link), files: await readTree(link) };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

const isLockOrState = (path: string): boolean => /(?:^|\/)\.mirrorctl\/(?:locks|state)\//.test(path);

const leftover = /^\.mirrorctl\/partial\/|\.(?:draft|removed|next|new|tmp)(?:\/|$)/;
