import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

/** What stacks call the script of a part. */
export const nameOf = (part: string): string => `mirrorctl-${part}.js`;

export const readSource = (directory: string, part: string): string =>
  readFileSync(join(directory, `${part}.js`), "latin1"); // it is ASCII

/** Compiles the script of a part, as far as V8 does so before a function is called. */
export const readScript = (directory: string, part: string): Script =>
  new Script(readSource(directory, part), { filename: nameOf(part) });
