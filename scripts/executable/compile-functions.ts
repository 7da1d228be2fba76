/**
 * Writes the code cache of each part, with the functions that record-functions.ts has found: the first arguments are the
 * directory of the scripts, the file of functions, and flags to set before a cache is written. The program of a process.
 *
 * It compiles the functions and runs none, since V8 writes into the code of a function what that has met: times and numbers
 * of files, which are others in each build. A debugger's question where it could stop makes V8 compile what is there.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { type Inspect, openInspector } from "./inspector.ts";
import { nameOf, readScript, readSource } from "./read-script.ts";

const [directory = "", recorded = "", usualFlags = "", ...parts] = process.argv.slice(2);
const functions: Readonly<Record<string, readonly number[]>> = JSON.parse(readFileSync(recorded, "utf8"));

const scripts = parts.map((part) => ({ part, script: readScript(directory, part) }));
for (const { script } of scripts) script.runInThisContext(); // else the debugger does not know it
const ids = new Map<string, string>();
const inspect = openInspector((url, id) => ids.set(url, id));
inspect("Debugger.enable");
for (const part of parts) compileFunctions(part, inspect);
inspect("Debugger.disable");
setFlagsFromString(usualFlags);
for (const { part, script } of scripts) {
  writeFileSync(join(directory, `${part}.cache`), script.createCachedData());
}

/** Compiles the functions that end there. */
function compileFunctions(part: string, ask: Inspect): void {
  const scriptId = ids.get(nameOf(part));
  if (scriptId === undefined) throw new Error(`the debugger does not know the part "${part}"`);
  const source = readSource(directory, part);
  let [lineNumber, lineStart] = [0, 0];
  for (const end of functions[part] ?? []) {
    for (let next = source.indexOf("\n", lineStart); next !== -1 && next < end - 1; ) {
      [lineNumber, lineStart] = [lineNumber + 1, next + 1];
      next = source.indexOf("\n", lineStart);
    }
    const last = { scriptId, lineNumber, columnNumber: end - 1 - lineStart };
    const after = { ...last, columnNumber: last.columnNumber + 1 };
    ask("Debugger.getPossibleBreakpoints", { start: last, end: after, restrictToFunction: true });
  }
}
