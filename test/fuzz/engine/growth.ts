import type { Random } from "../../support/random.ts";
import type { Coverage } from "./coverage.ts";
import type { FuzzTarget } from "./target.ts";

const smallBytes = 2_048;
/** The factor by which the long input is longer. */
const factor = 8;
/** A linear parser needs 8 times as long for it, a quadratic one 64 times. */
const ratioMax = 40;
/** Smaller measurements are noise. */
const countedSteps = 20_000;
const countedMs = 60;
const measurements = 3;

/**
 * Returns an input in which a part of it, or a word, is repeated until it is long: that makes a slow regular expression
 * slow.
 */
export function repeatPart(
  text: string,
  dictionary: readonly string[],
  random: Random,
): (bytes: number) => Uint8Array {
  const from = random.below(text.length + 1);
  const to = Math.min(text.length, from + random.smallUpTo(text.length));
  const word = random.isOneIn(2) ? random.pick(oneChar) : random.pick(dictionary);
  const part = (random.isOneIn(2) ? text.slice(from, to) : word) || " ";
  return (bytes) =>
    Buffer.from(text.slice(0, from) + part.repeat(Math.ceil(bytes / part.length)) + text.slice(to), "latin1");
}

/** Characters that regular expressions repeat: white space, digits, letters, separators. */
const oneChar = " \t\n\r0aA-:/.=,".split("");

/**
 * Throws if a long input takes disproportionately more than a short one: in steps, which are the same everywhere, and
 * in processor time, for built-in functions. Time never decides on one measurement, nor on a difference that a busy
 * machine can make.
 */
export async function checkGrowth(
  target: FuzzTarget,
  coverage: Coverage,
  inputOf: (bytes: number) => Uint8Array,
  running: (input: Uint8Array) => void,
): Promise<void> {
  const usedMs = target.usedMs ?? usedByThreadMs;
  const measure = async (input: Uint8Array): Promise<Effort> => {
    running(input);
    coverage.reset();
    const beforeMs = usedMs();
    const { kind, word } = await target.check(input);
    const outcome = kind === "refused" ? word : kind;
    return { steps: coverage.steps(), ms: usedMs() - beforeMs, outcome };
  };
  const [small, large] = [inputOf(smallBytes), inputOf(smallBytes * factor)];
  let [forSmall, forLarge] = [await measure(small), await measure(large)];
  // An input that is refused at its start says nothing about one that is read to its end.
  if (forSmall.outcome !== forLarge.outcome) return;
  if (forLarge.steps > countedSteps && forLarge.steps > ratioMax * forSmall.steps) {
    throw new GrowthError(forSmall, forLarge, "steps");
  }
  for (let left = measurements; forLarge.ms > countedMs && forLarge.ms > ratioMax * forSmall.ms; left -= 1) {
    if (left === 0) throw new GrowthError(forSmall, forLarge, "ms");
    const again = await measure(small);
    if (again.ms > forSmall.ms) forSmall = again;
    forLarge = await measure(large);
  }
}

/** Returns the processor time that this thread has used so far. */
export function usedByThreadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

interface Effort {
  readonly steps: number;
  readonly ms: number;
  readonly outcome: string;
}

export class GrowthError extends Error {
  override readonly name = "GrowthError";

  constructor(small: Effort, large: Effort, unit: "steps" | "ms") {
    super(
      `an input ${factor} times as long took ${Math.round(large[unit] / small[unit])} times as many ${unit}: ` +
        `${small[unit]} and ${large[unit]}`,
    );
  }
}
