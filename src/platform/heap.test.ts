import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** Keeps 60,000 of two million objects, and prints how large the young generation became, in MiB. */
const program = `
  import { getHeapSpaceStatistics } from "node:v8";
  import { limitHeap } from ${JSON.stringify(import.meta.resolve("./heap.ts"))};
  if (process.argv[1] === "limited") limitHeap();
  const kept = new Map();
  for (let i = 0; i < 2e6; i++) kept.set(i % 60_000, { text: String(i), list: [i, i + 1] });
  const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  console.log(space_size / 2 ** 20);
`;

const youngGenerationOf = (...argv: readonly string[]): number =>
  Number(execFileSync(process.execPath, ["--input-type=module", "--eval", program, ...argv]));

test("the young generation of a limited heap stays small", () => {
  expect(youngGenerationOf("limited")).toBeLessThan(8);
  expect(youngGenerationOf()).toBeGreaterThan(16); // otherwise nothing needs a limit
});

test("a code cache is taken although the heap is limited", () => {
  const load = `
    import { setFlagsFromString } from "node:v8";
    import { Script } from "node:vm";
    import { limitHeap, withUsualFlags } from ${JSON.stringify(import.meta.resolve("./heap.ts"))};
    setFlagsFromString("--no-compilation-cache"); // what V8 has compiled in this process
    const source = "(() => 1)";
    const cachedData = new Script(source).createCachedData();
    limitHeap();
    const isRefused = () => new Script(source, { cachedData }).cachedDataRejected;
    console.log(isRefused(), withUsualFlags(isRefused), isRefused());
  `;
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", load], {
    encoding: "utf8",
  });
  expect(printed).toBe("true false true\n");
});
