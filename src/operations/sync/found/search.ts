import type { SoughtFiles } from "../../../found-files/index.ts";
import type { ListedFile } from "../../../repository/index.ts";
import type { Ports } from "../../context.ts";
import type { Judge, Match } from "./judge.ts";
import { matchByDigest } from "./match-by-digest.ts";

/**
 * Looks for sought files among the found ones, until each is found: first among those of a fitting name and size, the
 * likeliest first, then among others of the size. No file is read whose bytes are found already.
 */
export async function search(
  ports: Ports<"signal" | "emit">,
  sought: SoughtFiles<ListedFile>,
  judge: Judge,
): Promise<void> {
  for (let round = 0; ; round++) {
    const matches = matchByName(sought, judge, round);
    if (matches.length === 0) break;
    await judge.judge(matches);
  }
  await judge.judge(await matchByDigest(ports, sought, judge));
}

/** Returns for each content that is still missing its next found file of a fitting name. */
export function matchByName(
  sought: SoughtFiles<ListedFile>,
  judge: Pick<Judge, "has">,
  round: number,
): readonly Match[] {
  const matches: Match[] = [];
  for (const { files, named } of sought.contents) {
    const from = named[round];
    if (from !== undefined && !judge.has(files[0])) matches.push({ from, files });
  }
  return matches;
}
