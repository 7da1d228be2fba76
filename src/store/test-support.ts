/** Puts objects into a store, and sweeps it from another process. Only tests import this. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { objectPath } from "../layout.ts";
import { digestsOf } from "../platform/running-digests.ts";
import type { Sha256 } from "../repository/index.ts";

/** Adds an object that no tree holds. */
export function putObject(objects: string, text: string): Sha256 {
  const { sha256 } = digestsOf(Buffer.from(text));
  const path = objectPath(objects, sha256);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return sha256;
}

/** Sweeps from another process, again and again, until it is disposed of. That fails if a sweep failed. */
export async function sweepWithoutEnd(objects: string): Promise<AsyncDisposable> {
  const module = JSON.stringify(new URL("./sweep.ts", import.meta.url).href);
  const code = `
    const { sweepObjects } = await import(${module});
    process.stdin.on("end", () => process.exit(0)).resume();
    process.stdout.write("ready");
    for (;;) await sweepObjects(${JSON.stringify(objects)}).then(() => new Promise(setImmediate));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += String(text);
  });
  await Promise.race([once(child.stdout, "data"), exited]);
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      const [status] = await exited;
      if (status !== 0) throw new Error(`the sweeping process failed: ${stderr}`);
    },
  };
}
