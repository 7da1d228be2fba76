import { transform } from "esbuild";
import { describe, expect, test } from "vitest";
import { readModules } from "./modules.ts";

const modules = readModules();
const linesMax = 350;

/**
 * Returns the global names that a module uses, without properties, local names, comments and texts of the same
 * spelling.
 */
async function globalsOf(text: string, names: readonly string[]): Promise<readonly string[]> {
  const define = Object.fromEntries(names.map((name) => [name, `global_${name}`]));
  const { code } = await transform(text, { loader: "ts", define });
  return names.filter((name) => code.includes(`global_${name}`));
}

describe("source files", () => {
  test(`have at most ${linesMax} lines`, () => {
    const tooLong = modules.filter(({ text }) => text.split("\n").length - 1 > linesMax);
    expect(tooLong.map(({ path }) => path)).toEqual([]);
  });

  test("name process only where it starts, and console nowhere", async () => {
    const named = await Promise.all(
      modules.map(async ({ path, text }) => [path, await globalsOf(text, ["process", "console"])] as const),
    );
    expect(named.filter(([, globals]) => globals.length > 0)).toEqual([
      ["src/complete.ts", ["process"]],
      ["src/main.ts", ["process"]],
    ]);
  });

  test("get time, randomness and environment from callers, if they are pure", async () => {
    const names = ["Date.now", "Math.random", "performance", "globalThis", "fetch", "setTimeout"];
    const deciding = modules.filter(({ path }) =>
      /^src\/(?:repository|trust|plan|changes|contents)\//.test(path),
    );
    expect(deciding.length).toBeGreaterThan(20);
    const named = await Promise.all(
      deciding.map(async ({ path, text }) => {
        const dotted = names.filter((name) => name.includes(".") && text.includes(`${name}(`));
        const globals = await globalsOf(
          text,
          names.filter((name) => !name.includes(".")),
        );
        const isNow = /\bnew Date\(\)/.test(text);
        return [path, [...dotted, ...globals, ...(isNow ? ["new Date()"] : [])]] as const;
      }),
    );
    expect(named.filter(([, globals]) => globals.length > 0)).toEqual([]);
  });
});

describe("the search for global names", () => {
  test.each([
    ["process.exit(1)", ["process"]],
    ["export const write = () => { console.log(`${process.pid}`) }", ["process", "console"]],
    ["host.process.exit(1)", []],
    ["const process = run(); process.exit()", []],
    ["// process\nexport const text = 'console'", []],
  ])("%s", async (text, expected) => {
    expect(await globalsOf(text, ["process", "console"])).toEqual(expected);
  });
});
