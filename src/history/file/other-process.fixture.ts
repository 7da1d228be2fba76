/** The history in other processes, for tests. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync } from "node:fs";
import { dirname } from "node:path";
import { onTestFinished } from "vitest";

const literalOf = (module: string): string => JSON.stringify(new URL(module, import.meta.url).href);

/** Returns code for `runNode` that opens a history as `history`. */
export const codeToOpen = (path: string): string => `
  const { openHistory } = await import(${literalOf("./history.ts")});
  const { pauseFor } = await import(${literalOf("../../platform/flow/pause.ts")});
  const patience = { pause: pauseFor, signal: new AbortController().signal };
  const history = openHistory(${JSON.stringify(path)}, patience);`;

/** Runs a module in a process of its own, and returns what it prints. */
export async function runNode(code: string, options: { readonly uid?: number } = {}): Promise<string> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => {
    stdout += String(text);
  });
  child.stderr.on("data", (text) => {
    stderr += String(text);
  });
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`node ended with ${status}: ${stderr}`);
  return stdout;
}

/** One that owns nothing here if the tests run as root, otherwise the user of the tests. */
const readerId = process.getuid?.() === 0 ? 65_534 : undefined;

/** Reads the actions of a history as a user who may write neither the file nor its directory. */
export async function readAsOther(path: string): Promise<readonly string[]> {
  const directory = dirname(path);
  chmodSync(dirname(directory), 0o755);
  chmodSync(directory, 0o555);
  chmodSync(path, 0o444);
  onTestFinished(() => chmodSync(directory, 0o755));
  if (readerId !== undefined) chownSync(path, 0, 0);
  const stdout = await runNode(
    `${codeToOpen(path)}
     console.log(JSON.stringify((await history.list({})).map(({ action }) => action)));`,
    readerId === undefined ? {} : { uid: readerId },
  );
  return JSON.parse(stdout) as string[];
}
