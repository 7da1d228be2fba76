import { build, type Metafile } from "esbuild";
import { describe, expect, test } from "vitest";
import { bundleOptions } from "../../scripts/build.ts";

type Input = Metafile["inputs"][string];

const file = (imports: Input["imports"]): Input => ({ bytes: 1, imports });

/** Returns the modules that are loaded at the start: those that import statements reach from `entry`. */
function loadedAtStart(inputs: Metafile["inputs"], entry: string): ReadonlySet<string> {
  const loaded = new Set<string>();
  const follow = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const imported of inputs[path]?.imports ?? []) {
      if (imported.kind === "import-statement" && imported.external !== true) follow(imported.path);
    }
  };
  follow(entry);
  return loaded;
}

/**
 * Most cost more time to load than `mirrorctl version` takes as a whole. The commands and their words are many, and grow:
 * a row of the table is all that one costs before it is named.
 */
const heavy = [
  /undici/,
  /openpgp/,
  /valibot/,
  /smol-toml/,
  /toml-eslint-parser/,
  /src\/operations\/sync\//,
  /src\/cli\/commands\//,
  /src\/report\/json\//,
  /src\/report\/words\/(?!short-list)/,
];

const { metafile, outputFiles } = await build({ ...bundleOptions, write: false, outfile: "unwritten.cjs" });

test("a completion loads little but the configuration", async () => {
  const { metafile: completion } = await build({
    ...bundleOptions,
    entryPoints: ["src/complete.ts"],
    write: false,
    outfile: "unwritten.cjs",
  });
  const [output] = Object.values(completion.outputs);
  expect(new Set(output?.imports.map(({ path }) => path))).toEqual(
    new Set(["node:fs", "node:os", "node:path"]),
  );
});

describe("at the start of the program", () => {
  test.each(heavy)("no module that matches %s is loaded", (pattern) => {
    const all = Object.keys(metafile.inputs);
    const atStart = loadedAtStart(metafile.inputs, "src/main.ts");
    expect(atStart).toContain("src/cli/program.ts");
    expect(all.filter((path) => pattern.test(path))).not.toEqual([]); // otherwise the pattern guards nothing
    expect([...atStart].filter((path) => pattern.test(path))).toEqual([]);
  });

  /** The verbs that people wait for. */
  test.each(["gates", "metrics", "promotion", "snapshots", "status", "verify"])(
    "%s loads no client of HTTP, which is a tenth of a short command",
    (verb) => {
      const client = "src/upstream/connections/connection-pools.ts";
      expect(loadedAtStart(metafile.inputs, "src/operations/sync/index.ts")).toContain(client);
      const entry = `src/operations/${verb}/index.ts`;
      expect(Object.keys(metafile.inputs)).toContain(entry);
      expect(loadedAtStart(metafile.inputs, entry)).not.toContain(client);
    },
  );

  test("the program is ASCII: V8 keeps other text with two bytes for each letter", () => {
    const letters = outputFiles.flatMap(({ text }) => text.match(/[^\0-\x7f].{0,40}/g) ?? []);
    expect(letters).toEqual([]); // escape it in regular expressions: \u00b5
  });

  test("dynamic imports do not count, and indirect imports do", () => {
    const inputs = {
      "main.ts": file([
        { path: "through.ts", kind: "import-statement" },
        { path: "lazy.ts", kind: "dynamic-import" },
      ]),
      "through.ts": file([{ path: "heavy.ts", kind: "import-statement" }]),
      "heavy.ts": file([]),
      "lazy.ts": file([]),
    };
    expect([...loadedAtStart(inputs, "main.ts")]).toEqual(["main.ts", "through.ts", "heavy.ts"]);
  });
});
