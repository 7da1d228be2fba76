import type { ProgramResult, Programs } from "../platform/machine/programs.ts";
import type { Platform } from "./apt-conf.ts";
import type { AptSource } from "./apt-source.ts";
import { ClientError } from "./errors.ts";
import { type AptMachine, machineIn, type RunTool } from "./machine.ts";
import { makePrivateRoot } from "./private-root.ts";

/** Runs the apt of this machine as the apt of others would run. */
export interface Apt {
  /** Returns its version, such as "2.6.1". */
  version(): Promise<string>;
  /** Makes a machine that installs from these sources. It has read none of them yet. */
  openMachine(platform: Platform, sources: readonly AptSource[]): Promise<AptMachine>;
}

export interface AptPorts {
  readonly programs: Programs;
  /** The directory for private roots. */
  readonly tempDir: string;
}

/** Its methods throw a ClientError APT_MISSING if apt is not installed, and APT_FAILED if it was ended. */
export function openApt({ programs, tempDir }: AptPorts): Apt {
  const run: RunTool = async (tool, args, { cwd, env }) => {
    const program = programs.find(tool);
    if (program === undefined) throw aptMissing(tool);
    const result = await programs.run({
      argv: [program, ...args],
      cwd,
      env: { PATH: programs.path, LC_ALL: "C", ...env },
      limitMs,
      keptBytes,
    });
    return { ...result, status: statusOf(`${tool} ${args.join(" ")}`, result) };
  };
  return {
    async version() {
      const { stdout } = await run("apt-get", ["--version"], { cwd: "/", env: {} });
      return /^apt (\S+)/.exec(stdout)?.[1] ?? "of an unknown version";
    },
    openMachine: async (platform, sources) =>
      machineIn(await makePrivateRoot(tempDir, platform, sources), sources, run),
  };
}

/** A fresh machine takes seconds for the whole of Debian. */
const limitMinutes = 10;
const limitMs = limitMinutes * 60_000;
/** A desktop of 3,000 packages has 600 kB of output. */
const keptBytes = 8 << 20;

function statusOf(command: string, { end, stderr }: ProgramResult): number {
  if (end.kind === "exited") return end.status;
  const how =
    end.kind === "killed"
      ? `was ended by ${end.by}`
      : `took longer than ${limitMinutes} minutes, and was ended`;
  throw new ClientError("APT_FAILED", `${command} ${how}`, {
    facts: { stderr: stderr.slice(-1_000) },
    hint: "Try it again. If that fails too, look for the reason in the journal of this machine: journalctl -e",
  });
}

const aptMissing = (tool: string): ClientError =>
  new ClientError("APT_MISSING", `${tool} is not on this machine, or not in the PATH of mirrorctl`, {
    hint: "The gates apt and profiles run the real apt. Install the package apt, or remove these gates from the configuration.",
  });
