/** What may be the name of a snapshot: one path segment that a shell, a URL and a listing can carry. Pure. */

/** The name of the copy that staging leads to while the snapshot of that name is replaced. */
export const standInName = (name: string): string => `${name}${standInSuffix}`;

export const isStandIn = (name: string): boolean => name.endsWith(standInSuffix);

const standInSuffix = "~replacing";

/**
 * The name for a new snapshot whose name was not chosen by a person: `wanted` or, where that or a number of it is taken,
 * the number after the highest: "2026-05-04-2", "2026-05-04-3". A number between, or `wanted` itself once it was pruned,
 * is not used again: a name that somebody tested in the morning must not mean something else in the afternoon.
 */
export function freeName(wanted: string, taken: Iterable<string>): string {
  const numbers = [...taken].flatMap((name) => numberOf(name, wanted) ?? []);
  return numbers.length === 0 ? wanted : `${wanted}-${Math.max(...numbers) + 1}`;
}

/** True for `wanted` itself and for what `freeName` makes of it. */
export const isNumbered = (name: string, wanted: string): boolean => numberOf(name, wanted) !== undefined;

function numberOf(name: string, wanted: string): number | undefined {
  if (name === wanted) return 1;
  if (!name.startsWith(`${wanted}-`)) return undefined;
  const number = name.slice(wanted.length + 1);
  return /^(?:[2-9]|[1-9]\d{1,8})$/.test(number) ? Number(number) : undefined;
}

/** Orders names as people read them: "2026-05-04" before "2026-05-04-2" before "2026-05-04-10". */
export function compareNames(a: string, b: string): number {
  const [partsA, partsB] = [partsOf(a), partsOf(b)];
  for (const [index, part] of partsA.entries()) {
    const other = partsB[index];
    const order = other === undefined ? 1 : compareParts(part, other);
    if (order !== 0) return order;
  }
  return partsA.length - partsB.length || compareTexts(a, b);
}

/** Digits and other characters by turns. */
const partsOf = (name: string): readonly string[] => name.match(/\d+|\D+/g) ?? [];

function compareParts(a: string, b: string): number {
  const [digitsA, digitsB] = [withoutZeros(a), withoutZeros(b)];
  if (digitsA === undefined || digitsB === undefined) return compareTexts(a, b);
  return digitsA.length - digitsB.length || compareTexts(digitsA, digitsB);
}

/** Undefined for a part that is no number. */
const withoutZeros = (part: string): string | undefined =>
  /^\d/.test(part) ? part.replace(/^0+/, "") : undefined;

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What is wrong with a name of a snapshot, as the end of a sentence, or undefined when it is legal. */
export function snapshotNameFault(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name.startsWith(".")) return 'starts with "."'; // mirrorctl's own: .meta, drafts
  if (name.includes("/")) return 'contains "/"';
  if (/\s|\p{Cc}/u.test(name)) return "contains a blank or a control character";
  // The longest name can be replaced as well: what a stand-in adds does not count.
  const given = isStandIn(name) ? name.slice(0, -standInSuffix.length) : name;
  if (Buffer.byteLength(given) > nameBytesMax) return `is longer than ${nameBytesMax} bytes`;
  return undefined;
}

/** The same for a name that a layout makes: it must leave room for "-frozen" and a number. */
export function madeNameFault(name: string): string | undefined {
  const fault = snapshotNameFault(name);
  if (fault !== undefined || Buffer.byteLength(name) <= madeNameBytesMax) return fault;
  return `is longer than ${madeNameBytesMax} bytes, which leaves no room for a number`;
}

const madeNameBytesMax = 180;

/** Room below the 255 bytes of a file name for what a stand-in, a temporary name and ".json" add. */
const nameBytesMax = 200;
