/**
 * Random walks through all verbs of two mirrors that share a store, while upstream, configuration and clock change and the
 * disk has faults. After each move, what must hold whatever came before is compared with a first sync or with a walk over
 * the disk. `make soak` goes WALKS of them, from a seed that it prints; SEED=n WALKS=1 repeats one.
 */
import { randomInt } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { recordFigures } from "../../support/index.ts";
import { goWalk, type Misstep } from "./go-walk.ts";
import type { Move } from "./moves.ts";
import { type Shortened, shorten } from "./shorten.ts";
import { type Walk, walkOf } from "./walk.ts";

/** Chosen because some of them find defects that were repaired, if the repair is taken back. */
const keptSeeds = [1, 2, 3];

const { WALKS: walks, SEED: seed = String(randomInt(1_000_000)) } = process.env;
const seeds =
  walks === undefined
    ? keptSeeds
    : Array.from({ length: Number(walks) }, (_walk, index) => Number(seed) + index);

const made = { walks: 0, moves: 0, "runs on a faulty disk": 0 };
afterAll(() => recordFigures("Random walks", made));

test.each(seeds)("nothing is wrong after any move of the walk with the seed %i", async (seedOfWalk) => {
  const walk = walkOf(seedOfWalk);
  const misstep = await goWalk(walk);
  made.walks++;
  made.moves += walk.moves.length;
  made["runs on a faulty disk"] += walk.moves.filter(
    (move) => "fault" in move && move.fault !== undefined,
  ).length;
  const report = misstep === undefined ? [] : linesOf(await shorten(walk, misstep, goWalk));
  expect(report).toEqual([]);
});

const pause = (minutes: number): Move => ({ does: "let time pass", minutes });

/** Finds something wrong at a pause of 17 minutes that comes after one of 5. */
function goPauses({ moves }: Walk): Promise<Misstep | undefined> {
  const minutes = moves.map((move) => ("minutes" in move ? move.minutes : 0));
  const move = minutes.indexOf(17, minutes.indexOf(5));
  return Promise.resolve(minutes.includes(5) && move > 0 ? { move, problems: ["late"] } : undefined);
}

test("a walk is shortened to the moves that matter", async () => {
  const moves = Array.from({ length: 25 }, (_move, index) => pause(index));
  const { walk } = await shorten({ seed: 1, namesMax: 4, moves }, { move: 17, problems: ["late"] }, goPauses);
  expect(walk.moves).toEqual([pause(5), pause(17)]);
});

function linesOf({ walk, misstep }: Shortened): readonly string[] {
  const names = Number.isFinite(walk.namesMax) ? ` if a file may have ${walk.namesMax} names` : "";
  return [
    `SEED=${walk.seed} WALKS=1 finds problems${names}:`,
    ...misstep.problems,
    "The shortest walk that ends with any:",
    ...walk.moves.map((move, index) => `${index + 1}. ${JSON.stringify(move)}`),
  ];
}
