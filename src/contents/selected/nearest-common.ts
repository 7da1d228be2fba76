import type { TextWindow } from "../listing/text-window.ts";

/** The next stanza that both texts have: how many stanzas of each come before it. */
export interface Common {
  readonly gone: number;
  readonly come: number;
}

/** A text, and where its next stanzas begin. */
export interface NextStanzas {
  readonly text: TextWindow;
  /** In order. The last one may only be the end of those before. */
  readonly starts: readonly number[];
}

/** So many bytes tell most stanzas from others. */
const keyBytes = 96;

/** Returns the nearest whole stanza of the earlier text that the later one has too. */
export function nearestCommon(earlier: NextStanzas, later: NextStanzas): Common | undefined {
  const nth = new Map(later.starts.map((start, index) => [keyAt(later.text, start), index]));
  let nearest: Common | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const [gone, end] of earlier.starts.slice(1).entries()) {
    if (gone >= distance) break;
    const start = earlier.starts[gone] ?? 0;
    const come = nth.get(keyAt(earlier.text, start)) ?? later.starts.length;
    const laterStart = later.starts[come];
    if (laterStart === undefined || gone + come >= distance) continue;
    if (!haveSame(earlier.text, start, later.text, laterStart, end - start)) continue;
    nearest = { gone, come };
    distance = gone + come;
  }
  return nearest;
}

const keyAt = ({ bytes }: TextWindow, start: number): string =>
  bytes.toString("latin1", start, start + keyBytes);

/** True if both texts have the same bytes there. False if one of them does not have all of them here. */
export function haveSame(
  { bytes }: TextWindow,
  at: number,
  { bytes: others }: TextWindow,
  otherAt: number,
  count: number,
): boolean {
  if (at + count > bytes.length || otherAt + count > others.length) return false;
  return bytes.compare(others, otherAt, otherAt + count, at, at + count) === 0;
}
