import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { temporaryDirectory } from "../../support/index.ts";
import { type ProgramResult, runProgram, systemPath } from "../../support/run-program.ts";

export type Debian = "bookworm" | "trixie";

/** A root directory of Debian in which packages can be installed. */
export interface DebianRoot extends AsyncDisposable {
  readonly path: string;
  join(...segments: readonly string[]): string;
  read(path: string): string;
  /** Runs a program as root; another exit status than `exitCode`, 0 by default, fails the test. Returns its output. */
  run(commandLine: readonly string[], exitCode?: number): Promise<string>;
  /** Runs what ExecStart= of an installed unit says, in a sandbox like the unit's. */
  startUnit(unit: string, options?: UnitOptions): Promise<ProgramResult>;
}

export interface UnitOptions {
  /** After the command line of the unit. */
  readonly args?: readonly string[];
  /** Paths of a drop-in's ReadWritePaths=. */
  readonly writable?: readonly string[];
}

const roots = join(import.meta.dirname, "../../../.cache/roots");

const environment = [`PATH=${systemPath}`, "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"];

/** Skips the test if this user may not mount anything. */
export async function canMount(skip: TestContext["skip"]): Promise<void> {
  const { exitCode, output } = await runProgram("unshare", [
    "--mount",
    "mount",
    "-t",
    "tmpfs",
    "tmpfs",
    "/mnt",
  ]);
  if (exitCode === 0) return;
  writeSync(2, `Skipped, because nothing can be mounted: ${output}`); // not every reporter prints the reason
  skip(output);
}

/** Copies the root directory that scripts/client-roots.sh made. Skips the test if this user may not work in one. */
export async function openDebianRoot(debian: Debian, skip: TestContext["skip"]): Promise<DebianRoot> {
  await canMount(skip);
  const directory = await temporaryDirectory("mirrorctl-root-");
  const path = directory.join("root");
  await succeed(["cp", "-a", join(roots, `${debian}-installed`), path]);
  return {
    path,
    join: (...segments) => join(path, ...segments),
    read: (name) => readFileSync(join(path, name), "utf8"),
    run: (commandLine, exitCode) =>
      succeed(["chroot", path, "env", "--ignore-environment", ...environment, ...commandLine], exitCode),
    startUnit(unit, { args = [], writable = [] } = {}) {
      const settings = readUnit(readFileSync(join(path, "usr/lib/systemd/system", unit), "utf8"));
      const state = `/var/lib/${settings("StateDirectory")}`;
      const writablePaths = [state, ...writable].join(" ");
      const namespaces = ["--mount", "--pid", "--fork", "--", "sh", "-euc", sandbox, "sandbox"];
      const user = `--userspec=${settings("User")}:${settings("Group")}`;
      const variables = [...environment, "INVOCATION_ID=0123456789abcdef", `STATE_DIRECTORY=${state}`];
      const program = ["chroot", user, path, "env", "--ignore-environment", ...variables];
      const commandLine = [...settings("ExecStart").split(" "), ...args];
      return runProgram("unshare", [...namespaces, path, writablePaths, ...program, ...commandLine]);
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

/**
 * The mounts that ProtectSystem=strict, PrivateTmp= and ProtectProc=invisible make, see systemd.exec(5).
 * The first argument is the root, the second has the writable directories, the others are the command line.
 */
const sandbox = `
root=$1 writable=$2
shift 2
mount --bind "$root" "$root"
for directory in $writable; do mount --bind "$root$directory" "$root$directory"; done
mount -o remount,bind,ro "$root"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t proc -o hidepid=invisible proc "$root/proc"
exec "$@"`;

/** Returns a function that reads a setting of a unit; it throws if there is none. */
function readUnit(text: string): (name: string) => string {
  const settings = new Map(
    text.split("\n").flatMap((line) => {
      const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
  return (name) => {
    const value = settings.get(name);
    if (value === undefined) throw new Error(`the unit has no ${name}=`);
    return value;
  };
}

async function succeed(commandLine: readonly string[], expected = 0): Promise<string> {
  const [program = "", ...args] = commandLine;
  const { exitCode, output } = await runProgram(program, args);
  if (exitCode === expected) return output;
  throw new Error(`${commandLine.join(" ")}: exit status ${exitCode} instead of ${expected}\n${output}`);
}
