/** The modules of src as data: who imports what. Types count: a type is knowledge, too. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

export interface Import {
  /** `src/store/index.ts` for a module of ours, else as it is written: `node:fs`, `undici`. */
  readonly to: string;
  readonly typeOnly: boolean;
}

export interface Module {
  /** `src/store/sweep.ts` */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const root = join(import.meta.dirname, "../..");

/** Every module of src that is part of the program: tests and what only they use are left out. */
export function readModules(): readonly Module[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((path) => `src/${path}`)
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts") && !isForTests(path))
    .toSorted()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
}

const isForTests = (path: string): boolean => /\.(?:test|fixture|cases)\.ts$|\/test-support\.ts$/.test(path);

/** The formatter puts every import at the beginning of a line and its specifier in double quotes. */
export function importsOf(path: string, text: string): readonly Import[] {
  const declared = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?"([^"]+)"/gm);
  const onDemand = text.matchAll(/(typeof\s+)?\bimport\("([^"]+)"\)/g);
  return [...declared, ...onDemand].map(([, typeOnly, specifier = ""]) => ({
    to: specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : specifier,
    typeOnly: typeOnly !== undefined,
  }));
}
