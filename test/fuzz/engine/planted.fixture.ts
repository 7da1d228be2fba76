/** Parsers with one defect each, which a campaign must find. */
import type { FuzzTarget, Outcome } from "./target.ts";

let usedMs = 0;

const read: Readonly<Record<string, (text: string) => void>> = {
  /** Six decisions deep: at random, one input in 10^14 would reach it. */
  deep(text) {
    if (text[0] !== "F") return;
    if (text[1] !== "u") return;
    if (text[2] !== "z") return;
    if (text[3] !== "z") return;
    if (text[4] !== "e") return;
    if (text[5] === "d") throw new TypeError("deep");
  },
  /** Takes steps with the square of the length. */
  quadraticLoop(text) {
    for (let start = 0; start < text.length; start += 16) {
      for (let at = start; at < text.length; at += 16) if (text[at] === "\0") break;
    }
  },
  /** Takes no counted steps, and time with the square of the length of a run of spaces, by a clock of its own. */
  quadraticBuiltIn(text) {
    const [run = ""] = / +/.exec(text) ?? [];
    usedMs += run.length ** 2 / 1e6;
  },
  hanging(text) {
    if (text.includes("  ")) while (text.length > 0);
  },
  hoarding(text) {
    const hoard: string[][] = [];
    while (text.includes("  ")) hoard.push(Array.from({ length: 10_000 }, String));
  },
  sound(text) {
    for (const char of text) if (char === "x") return;
  },
};

export async function findTarget(name: string): Promise<FuzzTarget> {
  const accepted: Outcome = { kind: "accepted", word: "" };
  const check = (input: Uint8Array): Outcome => {
    read[name]?.(Buffer.from(input).toString("latin1"));
    return accepted;
  };
  const clock = name === "quadraticBuiltIn" ? { usedMs: () => usedMs } : {};
  const target = {
    name,
    dictionary: [" ", "x"],
    ...clock,
    check: name === "disputed" ? () => accepted : check,
  };
  return name === "disputed" ? { ...target, oracle: { open: async () => disputing, askOneIn: 1 } } : target;
}

const disputing = {
  async compare(inputs: readonly Uint8Array[]) {
    if (inputs.some((input) => input.includes(0x78))) throw new Error("they say otherwise");
  },
  async [Symbol.asyncDispose]() {},
};
