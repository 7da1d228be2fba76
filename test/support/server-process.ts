import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { hasCode } from "../../src/errors.ts";
import { systemPath } from "./run-program.ts";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";

/** A web server that is another program, on a port of the loopback interface. */
export interface ServerProcess extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a final slash. */
  readonly url: string;
  /** Returns its error log so far; read it before `stop`. */
  errorLog(): Promise<string>;
  stop(): Promise<void>;
}

export interface ServerProgram {
  readonly name: string;
  /** Writes the configuration below `prefix`, and returns the command line. Its error log is `<prefix>/error.log`. */
  prepare(prefix: TemporaryDirectory, port: number): Promise<readonly string[]>;
  /** Says whether its socket listens. An answer at the port could come from another process. */
  hasStarted(prefix: TemporaryDirectory, child: ChildProcess): Promise<boolean>;
}

/** Starts a server in a directory of its own, which `stop` removes. */
export async function startServer(program: ServerProgram): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    const prefix = await temporaryDirectory(`mirrorctl-${program.name}-`);
    const port = await freePort();
    const child = await spawnServer(program, prefix, port);
    const outcome = await startOf(program, child, prefix);
    if (outcome === "started") return runningServer(child, prefix, port);
    const log = await errorLogOf(prefix);
    await stop(child, prefix);
    // Another process may have taken the port since it was found to be free.
    if (attempt === attemptsMax || !/address already in use/i.test(log)) {
      throw new Error(`${program.name} ${outcome}: ${log}`);
    }
  }
}

/** For a server that writes its pid once it listens. */
export const hasWrittenPid = async (path: string, child: ChildProcess): Promise<boolean> =>
  (await textOf(path)).trim() === String(child.pid);

const attemptsMax = 5;
const startTimeoutMs = 15_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function spawnServer(
  program: ServerProgram,
  prefix: TemporaryDirectory,
  port: number,
): Promise<ChildProcess> {
  const [command = program.name, ...args] = await program.prepare(prefix, port);
  await using log = await open(prefix.join("error.log"), "a");
  const env = { PATH: systemPath, HOME: prefix.path, LC_ALL: "C" };
  const child = spawn(command, args, { stdio: ["ignore", "ignore", log.fd], env });
  await once(child, "spawn");
  return child;
}

async function startOf(
  program: ServerProgram,
  child: ChildProcess,
  prefix: TemporaryDirectory,
): Promise<"started" | "ended" | "hung"> {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline) {
    if (hasEnded(child)) return "ended";
    if (await program.hasStarted(prefix, child)) return "started";
    await pause(5);
  }
  return "hung";
}

function runningServer(child: ChildProcess, prefix: TemporaryDirectory, port: number): ServerProcess {
  return {
    url: `http://127.0.0.1:${port}`,
    errorLog: () => errorLogOf(prefix),
    stop: () => stop(child, prefix),
    [Symbol.asyncDispose]: () => stop(child, prefix),
  };
}

const errorLogOf = (prefix: TemporaryDirectory): Promise<string> => textOf(prefix.join("error.log"));

async function stop(child: ChildProcess, prefix: TemporaryDirectory): Promise<void> {
  if (!hasEnded(child)) {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }
  await prefix[Symbol.asyncDispose]();
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  }
}
