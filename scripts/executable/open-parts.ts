import type { Script } from "node:vm";

/** Returns a module of a part, and loads the part and the module before if that is needed. */
export type FromPart = (part: string, path: string) => unknown;

/** The parameters of the function in which each part is. */
export const parameters = "module, require, __filename, fromPart";

type PartFunction = (
  module: { exports: Exports },
  require: (id: string) => unknown,
  filename: string,
  fromPart: FromPart,
) => void;

type Exports = Readonly<Record<string, () => unknown>>;

/** Links parts by name, as they are needed: `compile` returns the script of one, with the function in it. */
export function openParts(
  compile: (part: string) => Script,
  require: (id: string) => unknown,
  filename: string,
): FromPart {
  const loaded = new Map<string, Exports>();
  const fromPart: FromPart = (part, path) => {
    const exports = loaded.get(part) ?? load(part);
    const module = exports[path];
    if (module === undefined) throw new Error(`the part "${part}" has no ${path}`);
    return module();
  };
  const load = (part: string): Exports => {
    const module = { exports: {} };
    const run: PartFunction = compile(part).runInThisContext();
    run(module, require, filename, fromPart);
    loaded.set(part, module.exports);
    return module.exports;
  };
  return fromPart;
}
