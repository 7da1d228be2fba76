/** The modules of src and their imports, as data. Imports of types count too. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

export interface Import {
  /** `src/store/index.ts` for a module of src, otherwise as written: `node:fs`, `undici`. */
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

/** Returns every module of src that is part of the program, without tests and their supports. */
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

/** Relies on the formatter: each import begins a line and has its specifier in double quotes. */
export function importsOf(path: string, text: string): readonly Import[] {
  const declared = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?"([^"]+)"/gm);
  const onDemand = text.matchAll(/(typeof\s+)?\bimport\("([^"]+)"\)/g);
  return [...declared, ...onDemand].map(([, typeOnly, specifier = ""]) => ({
    to: specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : specifier,
    typeOnly: typeOnly !== undefined,
  }));
}
