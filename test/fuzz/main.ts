/**
 * Fuzzes the parsers of mirrorctl for a number of seconds in total, continues from the findings of former runs, and
 * keeps its own: `node test/fuzz/main.ts --target=release --seconds=3600 --seed=1`. Without --target, fuzzes all of
 * them in turn.
 */
import { parseArgs } from "node:util";
import { recordFigures } from "../support/index.ts";
import { fuzz } from "./fuzz.ts";
import { targetNames } from "./targets/index.ts";

const { values: flags } = parseArgs({
  options: { target: { type: "string" }, seconds: { type: "string" }, seed: { type: "string" } },
});
const chosen = flags.target ? [flags.target] : targetNames;
const totalSeconds = numberOf("--seconds", flags.seconds, 600);
const seed = numberOf("--seed", flags.seed, Date.now() % 2 ** 31);

const seconds = totalSeconds / chosen.length;
let [inputs, compared, failures] = [0, 0, 0];
for (const name of chosen) {
  const { text, report, failure } = await fuzz(name, { seed, bound: { seconds }, usesWorkCorpus: true });
  process.stdout.write(text);
  inputs += report?.executions ?? 0;
  compared += report?.compared ?? 0;
  failures += Number(failure !== undefined);
}
if (failures > 0) process.exitCode = 1;
if (chosen === targetNames) {
  const counted = {
    readers: chosen.length,
    inputs,
    "of them compared with other readers": compared,
    failures,
  };
  recordFigures("Fuzzing", counted);
}

/** An empty value counts as none, so that make may pass on unset variables. */
function numberOf(flag: string, value: string | undefined, otherwise: number): number {
  const number = value ? Number(value) : otherwise;
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new RangeError(`${flag} is "${value}", expected a whole number above 0`);
}
