import { type ChildProcess, spawn } from "node:child_process";
import { hasCode } from "../../errors.ts";
import { findCommand, type SignalGroup } from "./host.ts";

/** How to run a program of the system. */
export interface Program {
  /** The absolute path of the program, and its arguments. No shell reads them. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Text for its standard input. Default: none. */
  readonly input?: string | undefined;
  /** Then it is ended, with everything that it started. */
  readonly limitMs: number;
  /** Of stdout and of stderr, as many bytes of the start and of the end are kept. */
  readonly keptBytes: number;
}

export interface ProgramResult {
  readonly end:
    | { readonly kind: "exited"; readonly status: number }
    | { readonly kind: "killed"; readonly by: string }
    | { readonly kind: "timed-out" };
  readonly stdout: string;
  readonly stderr: string;
}

/** The programs of the system, for one run. */
export interface Programs {
  /** PATH, for the environment of a program. */
  readonly path: string;
  /** Returns the absolute path of a program: found by PATH, unless the name is a path already. */
  find(name: string): string | undefined;
  /**
   * Runs a program to its end, in a process group of its own. When this returns or rejects, nothing that the program started
   * in its group is left. Rejects with the error of spawn(2), and with the reason of the run's signal once it is aborted.
   */
  run(program: Program): Promise<ProgramResult>;
}

export const openPrograms = (
  path: string | undefined,
  stopping: { readonly signal: AbortSignal; readonly signalGroup: SignalGroup },
): Programs => ({
  path: path ?? "",
  find: (name) => findCommand(name, path),
  run: (program) => runToEnd(program, stopping),
});

async function runToEnd(
  { argv, cwd, env, input, limitMs, keptBytes }: Program,
  { signal, signalGroup }: Parameters<typeof openPrograms>[1],
): Promise<ProgramResult> {
  signal.throwIfAborted();
  const [path, ...args] = argv;
  const stdin = input === undefined ? "ignore" : "pipe";
  // Detached: Ctrl-C at a terminal does not reach it, and the signals below reach all that it starts.
  const child = spawn(path, args, { cwd, env: { ...env }, stdio: [stdin, "pipe", "pipe"], detached: true });
  const stdout = keepFrom(child.stdout, keptBytes);
  const stderr = keepFrom(child.stderr, keptBytes);
  child.stdin?.on("error", () => undefined); // it need not read its input
  child.stdin?.end(input);
  const ending = new Ending(child, signalGroup);
  const interrupt = (): void => ending.hasten();
  signal.addEventListener("abort", interrupt, { once: true });
  const limit = setTimeout(() => ending.hasten("timed-out"), limitMs);
  try {
    const end = await ending.ended;
    signal.throwIfAborted();
    return { end, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener("abort", interrupt);
  }
}

/** How long a program may tidy up, or keep its output open, before it is not waited for. */
const graceMs = 2_000;

/** How a program ends, by itself or not. */
class Ending {
  readonly ended: Promise<ProgramResult["end"]>;
  readonly #child: ChildProcess;
  readonly #signalGroup: SignalGroup;
  #isTimedOut = false;
  #grace: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess, signalGroup: SignalGroup) {
    this.#child = child;
    this.#signalGroup = signalGroup;
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => this.#endRest());
      child.once("close", (status, by) => {
        clearTimeout(this.#grace);
        if (this.#isTimedOut) resolve({ kind: "timed-out" });
        else resolve(status === null ? { kind: "killed", by: by ?? "a signal" } : { kind: "exited", status });
      });
    });
  }

  /** Asks the group to end, and then ends it. */
  hasten(reason?: "timed-out"): void {
    this.#isTimedOut ||= reason === "timed-out";
    this.#signal("SIGTERM");
    this.#wait(() => this.#signal("SIGKILL"));
  }

  /** What it left in its group ends with it. What left the group may still hold the output open. */
  #endRest(): void {
    this.#signal("SIGKILL");
    this.#wait(() => {
      for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.destroy();
    });
  }

  #wait(then: () => void): void {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(then, graceMs);
  }

  #signal(name: "SIGTERM" | "SIGKILL"): void {
    const { pid } = this.#child;
    if (pid === undefined) return; // it could not be started
    try {
      this.#signalGroup(pid, name);
    } catch (error) {
      if (!hasCode(error, "ESRCH")) throw error;
    }
  }
}

/** Keeps the start and the end of a stream. Returns a function that returns them as text. */
function keepFrom(stream: NodeJS.ReadableStream | null, keptBytes: number): () => string {
  const head: Buffer[] = [];
  let tail: Buffer = Buffer.alloc(0);
  let headBytes = 0;
  let droppedBytes = 0;
  stream?.on("data", (chunk: Buffer) => {
    const start = chunk.subarray(0, keptBytes - headBytes);
    if (start.length > 0) head.push(start);
    headBytes += start.length;
    if (start.length === chunk.length) return;
    const all = Buffer.concat([tail, chunk.subarray(start.length)]);
    tail = all.subarray(Math.max(all.length - keptBytes, 0));
    droppedBytes += all.length - tail.length;
  });
  return () => {
    const gap = droppedBytes === 0 ? "" : `\n[${droppedBytes} bytes left out]\n`;
    return Buffer.concat(head).toString("utf8") + gap + tail.toString("utf8");
  };
}
