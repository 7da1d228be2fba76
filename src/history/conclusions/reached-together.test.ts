import { expect, test } from "vitest";
import type { HistoryEntry } from "../entry.ts";
import { reachedTogether } from "./reached-together.ts";

/** A line from "rollback done b 1 ada": action, result, goal, time in seconds, and who. */
function lineOf(text: string): HistoryEntry {
  const [action = "", result, to, seconds, who = ""] = text.split(" ");
  const known = { action, result: result as HistoryEntry["result"] };
  return { ...known, at: new Date(Number(seconds) * 1000), mirror: "m", who, from: "c", to };
}

test.each<[string, string[], (string | undefined)[]]>([
  ["was left behind", ["rollback done b 1 ada", "rollback begun b 1 ada"], ["b", undefined]],
  ["was left behind and settled", ["rollback done b 1 ada", "rollback failed b 1 ada"], ["b", undefined]],
  ["has moved too", ["rollback done b 1 ada", "rollback done b 1 ada"], [undefined, undefined]],
  ["failed too", ["rollback failed b 1 ada", "rollback failed b 1 ada"], [undefined, undefined]],
  ["is of another rollback", ["rollback done b 1 ada", "rollback failed b 2 ada"], [undefined, undefined]],
  ["is of somebody else", ["rollback done b 1 ada", "rollback failed b 1 bob"], [undefined, undefined]],
  ["is of a promotion", ["rollback done b 1 ada", "promote begun b 1 ada"], [undefined, undefined]],
  ["has no line", ["rollback done b 1 ada", "sync done x 1 ada"], [undefined, undefined]],
])("where the other mirror %s", (_case, lines, reached) => {
  expect(reachedTogether(lines.map((line) => [lineOf(line)]))).toEqual(reached);
});

test("goes by the newest move of production", () => {
  const left = [lineOf("rollback begun b 1 ada")];
  const moved = lineOf("rollback done b 1 ada");
  expect(reachedTogether([[lineOf("sync done x 3 ada"), moved], left])).toEqual(["b", undefined]);
  expect(reachedTogether([[lineOf("promote done d 3 ada"), moved], left])).toEqual([undefined, undefined]);
});

test("does not call a single mirror left behind", () => {
  expect(reachedTogether([[lineOf("rollback begun b 1 ada")]])).toEqual([undefined]);
  expect(reachedTogether([[lineOf("rollback done b 1 ada")]])).toEqual([undefined]);
});
