/** The process: arguments, environment, signals, exit status. Nothing else names `process`. */
import { tmpdir, userInfo } from "node:os";
import { isatty } from "node:tty";
import { runCli } from "./cli/index.ts";
import { hasCode } from "./errors.ts";
import { pauseFor } from "./platform/flow/pause.ts";
import type { Host, Output } from "./platform/machine/host.ts";
import { findService, isJournal } from "./platform/machine/service.ts";
import { groupIdsOf, type Owner } from "./platform/machine/users.ts";
import { readLine } from "./platform/read-line.ts";
import { Interrupted, type StopSignal } from "./report/errors.ts";

// A web server that runs as another user must read `dir`. Private files get their mode when they are made.
process.umask(0o022);

const stop = new AbortController();
const interrupt = (name: StopSignal): void => stop.abort(new Interrupted(name));
// A second Ctrl-C ends the process at once. A terminal that closes may send SIGHUP twice.
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, interrupt);
process.on("SIGHUP", interrupt);

// A reader that closes the pipe (`mirrorctl snapshot list | head`) has all it needs. Any other error while writing a
// result fails the command. A failing log must not end a sync.
let isResultLost = false;
const onResultError = (error: NodeJS.ErrnoException): void => {
  if (error.code === "EPIPE") return;
  isResultLost = true;
  process.stderr.write(`ERROR the result could not be written: ${error.message}\n`);
};

const host: Host = {
  env: process.env,
  homeDir: process.env.HOME ?? "/",
  tempDir: tmpdir(),
  who: process.env.SUDO_USER || userName(),
  uid: process.geteuid?.() ?? 0,
  pid: process.pid,
  becomeUser,
  signalGroup: (groupId, name) => void process.kill(-groupId, name),
  signal: stop.signal,
  limitHeap: async () => (await import("./platform/machine/heap.ts")).limitHeap(),
  service: findService(process.env),
  now: () => new Date(),
  pause: pauseFor,
  stdin: {
    // Not `process.stdin` before it is needed: opening it may keep the process from ending.
    isTerminal: isatty(0),
    readLine: (signal) => readLine(process.stdin, signal),
  },
  stdout: outputOf(1, () => process.stdout.on("error", onResultError)),
  stderr: outputOf(2, () => process.stderr.on("error", () => undefined)),
};

/** Returns the name of the user; a container may run under an id without an account. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (!hasCode(error, "ERR_SYSTEM_ERROR")) throw error;
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/** Sets the groups first: this user could not change them without root's rights. */
function becomeUser(user: Owner): void {
  const groupIds = groupIdsOf(user);
  process.setgroups?.(groupIds);
  process.setgid?.(groupIds[0]);
  process.setuid?.(user.uid);
}

/** Opens the stream when something is written to it, or asked of it: that takes a twentieth of a short command. */
function outputOf(descriptor: 1 | 2, open: () => NodeJS.WriteStream): Output {
  let opened: NodeJS.WriteStream | undefined;
  const stream = (): NodeJS.WriteStream => (opened ??= open());
  return {
    isTerminal: isatty(descriptor),
    isJournal: isJournal(process.env, descriptor),
    get columns() {
      // Asks the terminal, because `stream.columns` changes only with the next signal.
      const [columns] = this.isTerminal ? stream().getWindowSize() : [0];
      return columns || 80;
    },
    onResize(callback) {
      stream().on("resize", callback);
      return () => stream().off("resize", callback);
    },
    write: (text) => void stream().write(text),
  };
}

// No top-level await: the executable is bundled as CommonJS.
void main();

/** Runs the command line of the process; scripts/executable/record-functions.ts does so again for others. */
export async function main(): Promise<void> {
  // Not process.exit(): the output must reach its reader.
  process.exitCode = await runCli(process.argv.slice(2), host);
  process.on("exit", () => {
    if (isResultLost && process.exitCode === 0) process.exitCode = 1;
  });
}
