import { build, type Metafile, type Plugin } from "esbuild";
import type { Members, ProgramOptions } from "./parts.ts";

/**
 * Returns the plugin of each part: an import of a module of another part becomes a small module, which takes the exports
 * over from the other part when it is loaded. So they are plain variables again, and calls cost what they cost in one script.
 */
export async function importsOfParts(
  { inputs }: Metafile,
  members: Members,
  modules: readonly string[],
  options: ProgramOptions,
): Promise<(part: string) => Plugin> {
  const targets = targetsOf(inputs);
  const names = await exportedNames(
    modules.filter((path) => inputs[path]?.format === "esm"),
    options,
  );
  const textOf = (path: string): string => {
    const load = `fromPart(${JSON.stringify(members.get(path))}, ${JSON.stringify(path)})`;
    const exported = names.get(path);
    if (exported === undefined) return `module.exports = ${load};`;
    const named = exported.filter((name) => name !== "default");
    const rest = exported.length > named.length ? "export default loaded.default;" : "";
    return `const loaded = ${load}; export const { ${named.join(", ")} } = loaded; ${rest}`;
  };
  return (part) => ({
    name: "imports-of-parts",
    setup(build_) {
      build_.onResolve({ filter: /^/ }, ({ path, importer }) => {
        const target = targets.get(keyOf(importer.slice(options.absWorkingDir.length + 1), path));
        const isHere = target === undefined || [undefined, part].includes(members.get(target));
        return isHere ? undefined : { path: target, namespace };
      });
      build_.onLoad({ filter: /^/, namespace }, ({ path }) => ({ contents: textOf(path) }));
    },
  });
}

const namespace = "other-part";

/** Returns the module that each import of each module leads to. */
function targetsOf(inputs: Metafile["inputs"]): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const [importer, { imports }] of Object.entries(inputs)) {
    for (const { original, path, external } of imports) {
      if (original !== undefined && external !== true) targets.set(keyOf(importer, original), path);
    }
  }
  return targets;
}

const keyOf = (importer: string, original: string): string => `${importer}\n${original}`;

/** Returns what each of these modules exports. */
async function exportedNames(
  paths: readonly string[],
  options: ProgramOptions,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    ...options,
    entryPoints: [...paths],
    banner: {},
    supported: {},
    format: "esm",
    splitting: true,
    outdir: "unwritten",
    write: false,
    metafile: true,
  });
  return new Map(
    Object.values(metafile.outputs).flatMap(({ entryPoint, exports }) =>
      entryPoint === undefined ? [] : [[entryPoint, exports] as const],
    ),
  );
}
