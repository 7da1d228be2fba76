/**
 * Divides the program into parts, each a script with a code cache of its own. V8 reads the cache of a script as a whole, so
 * a command pays for every part of which it needs anything.
 */
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { importsOfParts } from "./imports-of-parts.ts";

/** What begins a part. What that imports belongs to it too, but nothing that an earlier part has. */
export interface PartPlan {
  readonly name: string;
  /** Paths from the root of the checkout; "everything" is all that is left. */
  readonly entries: readonly string[] | "everything";
  /** Whether modules that are imported only when they are needed belong to it. */
  readonly withDynamicImports?: boolean;
}

/** In this order. The first one runs the program; it knows no other one but by dynamic imports. */
const partPlans: readonly PartPlan[] = [
  // The heap must be known before another part is loaded, and `version` says what a user installed.
  { name: "start", entries: ["src/main.ts", "src/platform/machine/heap.ts", "src/cli/commands/version.ts"] },
  { name: "openpgp", entries: ["node_modules/openpgp/dist/node/openpgp.mjs"], withDynamicImports: true },
  { name: "undici", entries: ["scripts/undici-client.cjs"], withDynamicImports: true },
  { name: "commands", entries: "everything" },
];

/** A script. Its parameters are in open-parts.ts. It leaves functions in `module.exports` that return its modules. */
export interface PartSource {
  readonly name: string;
  readonly text: string;
}

/** Which part each module belongs to, by its path. */
export type Members = ReadonlyMap<string, string>;

/** esbuild's options for the whole program. */
export type ProgramOptions = BuildOptions & { readonly absWorkingDir: string; readonly plugins: Plugin[] };

export async function bundleParts(program: ProgramOptions): Promise<readonly PartSource[]> {
  // An import() would ask the script for a loader of modules. As calls of require they also find Node's own code caches.
  const options = { ...program, supported: { "dynamic-import": false } };
  const { metafile } = await build({ ...options, write: false, metafile: true });
  const members = divide(metafile, partPlans);
  const modules = modulesFromOutside(metafile, members);
  const imports = await importsOfParts(metafile, members, [...modules.values()].flat(), options);
  const bundled = partPlans.map(({ name }) =>
    bundlePart(name, modules.get(name) ?? [], { ...options, plugins: [imports(name), ...options.plugins] }),
  );
  return Promise.all([...bundled, bundlePart("completion", ["src/complete.ts"], options)]);
}

async function bundlePart(
  name: string,
  modules: readonly string[],
  options: ProgramOptions,
): Promise<PartSource> {
  const getters = modules.map((path) => `${JSON.stringify(path)}: () => require("./${path}")`);
  const { outputFiles } = await build({
    ...options,
    entryPoints: [],
    stdin: { contents: `module.exports = {${getters.join()}};`, resolveDir: options.absWorkingDir },
    write: false,
  });
  return { name, text: outputFiles.map(({ text }) => text).join("") };
}

export function divide({ inputs }: Pick<Metafile, "inputs">, plans: readonly PartPlan[]): Members {
  const members = new Map<string, string>();
  for (const { name, entries, withDynamicImports = false } of plans) {
    const waiting = entries === "everything" ? Object.keys(inputs) : [...entries];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const input = inputs[path];
      if (input === undefined)
        throw new Error(`the part "${name}" begins with ${path}, which is not part of the program`);
      if (members.has(path) || isDefinition(path)) continue;
      members.set(path, name);
      const imported = input.imports.filter(
        ({ external, kind }) => external !== true && (withDynamicImports || kind !== "dynamic-import"),
      );
      waiting.push(...imported.map((item) => item.path).filter((item) => inputs[item] !== undefined));
    }
  }
  return members;
}

/** esbuild has these as modules, in each script that needs them. */
const isDefinition = (path: string): boolean => path.startsWith("<define:");

const neededByLoader = ["src/main.ts", "src/platform/machine/heap.ts"];

/** Returns the modules of each part that other parts or the loader need. */
function modulesFromOutside({ inputs }: Metafile, members: Members): ReadonlyMap<string, readonly string[]> {
  const modules = new Map(partPlans.map(({ name }) => [name, new Set<string>()]));
  for (const path of neededByLoader) modules.get("start")?.add(path);
  for (const [path, { imports }] of Object.entries(inputs)) {
    for (const { path: imported } of imports) {
      const part = members.get(imported);
      if (part !== undefined && part !== members.get(path)) modules.get(part)?.add(imported);
    }
  }
  return new Map([...modules].map(([name, paths]) => [name, [...paths].toSorted()]));
}
