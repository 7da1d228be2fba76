import type { TextWindow } from "../listing/text-window.ts";
import { haveSame, nearestCommon } from "./nearest-common.ts";

/** Takes what a comparison finds, in the order of both texts. Each piece begins with a stanza, or goes on with the one before. */
export interface TextFindings {
  /** Both texts have these stanzas here. */
  same(stanzas: Buffer): void;
  /** The earlier text alone has this here. */
  gone(bytes: Buffer): void;
  /** The later text alone has this here. */
  come(bytes: Buffer): void;
}

/**
 * Compares two lists of stanzas byte by byte. Behind an empty line a reader starts with nothing, so what it finds between two
 * of them depends on these bytes alone: where both texts have the same there, they list the same. Here a stanza is what ends
 * with an empty line of no bytes. A reader may find several in it.
 */
export async function compareTexts(
  earlier: TextWindow,
  later: TextWindow,
  findings: TextFindings,
): Promise<void> {
  do await passSame(earlier, later, findings);
  while (await passDifference(earlier, later, findings));
  await passRest(earlier, findings.gone.bind(findings));
  await passRest(later, findings.come.bind(findings));
}

const runBytes = 64 << 10;
/** How many stanzas of each text are looked through for one that both have, at first and then: most changes replace one. */
const lookahead = [8, 64, 1024];
/** Where stanzas are large, fewer of them. */
const lookaheadBytes = 8 << 20;

async function passSame(earlier: TextWindow, later: TextWindow, findings: TextFindings): Promise<void> {
  for (;;) {
    await earlier.has(runBytes);
    await later.has(runBytes);
    const bytes = countSame(earlier, later);
    if (bytes === 0) return;
    findings.same(later.bytes.subarray(0, bytes));
    earlier.drop(bytes);
    later.drop(bytes);
  }
}

/** Returns how many bytes the stanzas have with which both texts go on, as far as they are here. */
function countSame(earlier: TextWindow, later: TextWindow): number {
  const here = Math.min(earlier.bytes.length, later.bytes.length);
  const same = haveSame(earlier, 0, later, 0, here) ? here : findDifference(earlier, later, here);
  const end = later.bytes.subarray(0, same).lastIndexOf(stanzaEnd, same, "latin1");
  return end === -1 ? 0 : end + stanzaEnd.length;
}

const stanzaEnd = "\n\n";

/** Returns the place of the first byte that differs. One of the first `here` does. */
function findDifference(earlier: TextWindow, later: TextWindow, here: number): number {
  let [same, differing] = [0, here];
  while (differing - same > 1) {
    const middle = (same + differing) >> 1;
    if (haveSame(earlier, same, later, same, middle - same)) same = middle;
    else differing = middle;
  }
  return same;
}

/**
 * Passes everything up to the next stanza that both texts have, or as far as it has looked for one. Returns false if one of
 * them has no whole stanza left.
 */
async function passDifference(
  earlier: TextWindow,
  later: TextWindow,
  findings: TextFindings,
): Promise<boolean> {
  let [gone, come] = [0, 0];
  for (const count of lookahead) {
    const before = { text: earlier, starts: await nextStarts(earlier, count) };
    const after = { text: later, starts: await nextStarts(later, count) };
    if (before.starts.length === 1 || after.starts.length === 1) return false;
    const common = nearestCommon(before, after);
    gone = before.starts.at(common?.gone ?? -1) ?? 0;
    come = after.starts.at(common?.come ?? -1) ?? 0;
    if (common !== undefined) break;
  }
  if (gone > 0) findings.gone(earlier.bytes.subarray(0, gone));
  if (come > 0) findings.come(later.bytes.subarray(0, come));
  earlier.drop(gone);
  later.drop(come);
  return true;
}

/** Returns where the next stanzas begin, the present place first, and where the last of them ends. */
async function nextStarts(text: TextWindow, count: number): Promise<readonly number[]> {
  const starts = [0];
  for (let at = 0; starts.length <= count && at < lookaheadBytes; ) {
    const end = text.bytes.indexOf(stanzaEnd, at, "latin1");
    if (end !== -1) starts.push((at = end + stanzaEnd.length));
    else if (text.bytes.length > lookaheadBytes || !(await text.hasMore())) break;
  }
  return starts;
}

async function passRest(text: TextWindow, pass: (bytes: Buffer) => void): Promise<void> {
  while (await text.has(1)) {
    const { bytes } = text;
    pass(bytes);
    text.drop(bytes.length);
  }
}
