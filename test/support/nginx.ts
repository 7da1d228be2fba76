import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { hasCode } from "../../src/errors.ts";
import { findProgram } from "./run-program.ts";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";

export interface Nginx extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a final slash. */
  readonly url: string;
  /** Returns its error log so far; read it before `stop`. */
  errorLog(): Promise<string>;
  stop(): Promise<void>;
}

export const nginxAvailable = (): boolean => findProgram("nginx") !== undefined;

export interface NginxOptions {
  readonly root: string;
  /** Directives of the server, each with its semicolon. */
  readonly directives?: string;
}

/** Starts a real nginx that serves `root`, also through symbolic links, on a port of the loopback interface. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  for (let attempt = 1; ; attempt++) {
    const prefix = await temporaryDirectory("mirrorctl-nginx-");
    const port = await freePort();
    const child = await spawnNginx(prefix, options, port);
    const outcome = await startOf(child, prefix);
    if (outcome === "started") return runningNginx(child, prefix, port);
    const log = await errorLogOf(prefix);
    await stop(child, prefix);
    // Another process may have taken the port since it was found to be free.
    if (attempt === attemptsMax || !log.includes("Address already in use")) {
      throw new Error(`nginx ${outcome}: ${log}`);
    }
  }
}

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

async function spawnNginx(
  prefix: TemporaryDirectory,
  options: NginxOptions,
  port: number,
): Promise<ChildProcess> {
  await mkdir(prefix.join("temp"));
  await writeFile(prefix.join("nginx.conf"), configuration(options, port));
  // -e, because the log of its start would otherwise go to a file that only root may write.
  const args = ["-p", prefix.path, "-c", prefix.join("nginx.conf"), "-e", prefix.join("error.log")];
  const child = spawn(findProgram("nginx") ?? "nginx", args, { stdio: "ignore", env: { LC_ALL: "C" } });
  await once(child, "spawn");
  return child;
}

const configuration = ({ root, directives = "" }: NginxOptions, port: number): string => `daemon off;
master_process off;
pid nginx.pid;
error_log error.log warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path temp/client_body;
  proxy_temp_path temp/proxy;
  fastcgi_temp_path temp/fastcgi;
  uwsgi_temp_path temp/uwsgi;
  scgi_temp_path temp/scgi;
  default_type application/octet-stream;
  server {
    listen 127.0.0.1:${port};
    root "${root}";
    autoindex off;
    disable_symlinks off;
    ${directives}
  }
}
`;

/** nginx writes its pid once its socket listens. An answer at the port could come from another process. */
async function startOf(
  child: ChildProcess,
  prefix: TemporaryDirectory,
): Promise<"started" | "ended" | "hung"> {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline) {
    if (hasEnded(child)) return "ended";
    if ((await textOf(prefix.join("nginx.pid"))).trim() === String(child.pid)) return "started";
    await pause(5);
  }
  return "hung";
}

function runningNginx(child: ChildProcess, prefix: TemporaryDirectory, port: number): Nginx {
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
