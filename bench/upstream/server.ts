import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, truncateSync } from "node:fs";
import { createInterface } from "node:readline";
import { startNginx } from "../../test/support/index.ts";

/** nginx as Debian configures it, and its log. */
export interface Server extends AsyncDisposable {
  /** Without a final slash. */
  readonly url: string;
  /** Forgets the requests so far. */
  clearRequests(): void;
  /** Returns how many requests have come since they were cleared. */
  countRequests(): Promise<number>;
}

export async function serve(root: string, logFile: string): Promise<Server> {
  const nginx = await startNginx({
    root,
    directives: `access_log "${logFile}"; sendfile on; tcp_nopush on;`,
  });
  return {
    url: nginx.url,
    clearRequests: () => truncateSync(logFile),
    async countRequests() {
      // nginx logs a request once it has answered it: after this one, all before it are in the log.
      await fetch(`${nginx.url}${lastPath}`);
      for (;;) {
        const lines = readFileSync(logFile, "utf8").trimEnd().split("\n");
        if (lines.at(-1)?.includes(lastPath) === true) return lines.length - 1;
        await new Promise(setImmediate);
      }
    },
    [Symbol.asyncDispose]: () => nginx[Symbol.asyncDispose](),
  };
}

const lastPath = "/last-request-of-this-run";

/** Returns the same server as it looks from `roundTripMs` away. */
export async function withDistance(
  url: string,
  roundTripMs: number,
): Promise<AsyncDisposable & { url: string }> {
  const program = new URL("delay.ts", import.meta.url).pathname;
  const args = [program, new URL(url).port, String(roundTripMs / 2)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}
