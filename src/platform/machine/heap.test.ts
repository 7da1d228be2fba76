import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** Keeps 60,000 of two million objects, and prints how large the young generation was most of the time, in MiB. */
const program = `
  import { getHeapSpaceStatistics } from "node:v8";
  import { limitHeap } from ${JSON.stringify(import.meta.resolve("./heap.ts"))};
  if (process.argv[1] === "limited") limitHeap();
  const kept = new Map();
  const sizes = [];
  for (let i = 0; i < 2e6; i++) {
    kept.set(i % 60_000, { text: String(i), list: [i, i + 1] });
    if (i % 1e5 === 0) {
      const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
      sizes.push(space_size / 2 ** 20);
    }
  }
  console.log(sizes.sort((a, b) => a - b)[sizes.length / 2]);
`;

const youngGenerationOf = (...argv: readonly string[]): number =>
  Number(execFileSync(process.execPath, ["--input-type=module", "--eval", program, ...argv]));

test("the young generation of a limited heap stays small", () => {
  expect(youngGenerationOf("limited")).toBeLessThan(8);
  expect(youngGenerationOf()).toBeGreaterThan(16); // otherwise nothing needs a limit
});

test("a code cache is taken with any limit, and only what is limited is tightened", () => {
  const load = `
    import { setFlagsFromString } from "node:v8";
    import { Script } from "node:vm";
    import { limitHeap, tightenHeap, withUsualFlags } from ${JSON.stringify(import.meta.resolve("./heap.ts"))};
    setFlagsFromString("--no-compilation-cache"); // what V8 has compiled in this process
    const source = "(() => 1)";
    const cachedData = new Script(source).createCachedData();
    const isRefused = () => new Script(source, { cachedData }).cachedDataRejected;
    for (const change of [tightenHeap, limitHeap, tightenHeap]) {
      change();
      console.log(isRefused(), withUsualFlags(isRefused), isRefused());
    }
  `;
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", load], {
    encoding: "utf8",
  });
  expect(printed).toBe("false false false\ntrue false true\ntrue false true\n");
});

/** Counts down from a million in WebAssembly, and prints whether V8 has compiled the loop a second time. */
const counting = `
  import { limitHeap } from ${JSON.stringify(import.meta.resolve("./heap.ts"))};
  if (process.argv[1] === "limited") limitHeap();
  // (func (export "f") (param i32) loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end)
  const module = "0061736d01000000" + "01050160017f00" + "03020100" + "07050101660000" + "0a10010e00" +
    "0340" + "2000" + "4101" + "6b" + "2200" + "0d00" + "0b" + "0b";
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(module, "hex"))).exports;
  f(1_000_000);
  f(1);
  console.log(%IsTurboFanFunction(f));
`;

function isOptimized(...argv: readonly string[]): string {
  const flags = ["--allow-natives-syntax", "--wasm-sync-tier-up", "--input-type=module"];
  return execFileSync(process.execPath, [...flags, "--eval", counting, ...argv], { encoding: "utf8" });
}

test("WebAssembly is optimized later in a limited process", () => {
  expect(isOptimized("limited")).toBe("false\n");
  expect(isOptimized()).toBe("true\n"); // otherwise the limit changes nothing
});
