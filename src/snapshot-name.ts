/** Names of snapshots: one path segment that is easy to use in a shell, a URL and a table. Pure. */

/** Returns the name of the copy that staging leads to while the snapshot of that name is replaced. */
export const standInName = (name: string): string => `${name}${standInSuffix}`;

export const isStandIn = (name: string): boolean => name.endsWith(standInSuffix);

const standInSuffix = "~replacing";

/**
 * Returns the name of a new snapshot if no person chose one: `wanted` or, if that or one of its numbers is taken, the
 * number after the highest: "2026-05-04-2", "2026-05-04-3". A number in between, or `wanted` itself after it was
 * pruned, is not used again: a name that somebody tested in the morning must not mean something else in the afternoon.
 */
export function freeName(wanted: string, taken: Iterable<string>): string {
  const numbers = [...taken].flatMap((name) => numberOf(name, wanted) ?? []);
  return numbers.length === 0 ? wanted : `${wanted}-${Math.max(...numbers) + 1}`;
}

/** Returns true for `wanted` itself and for the names that `freeName` makes from it. */
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

/** Splits a name into runs of digits and of other characters. */
const partsOf = (name: string): readonly string[] => name.match(/\d+|\D+/g) ?? [];

function compareParts(a: string, b: string): number {
  const [digitsA, digitsB] = [withoutZeros(a), withoutZeros(b)];
  if (digitsA === undefined || digitsB === undefined) return compareTexts(a, b);
  return digitsA.length - digitsB.length || compareTexts(digitsA, digitsB);
}

/** Returns undefined for a part that is not a number. */
const withoutZeros = (part: string): string | undefined =>
  /^\d/.test(part) ? part.replace(/^0+/, "") : undefined;

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Returns what is wrong with the name of a snapshot, as the end of a sentence, or undefined if it is legal. */
export function snapshotNameFault(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name.startsWith(".")) return 'starts with "."'; // mirrorctl's own: .meta, drafts
  if (name.includes("/")) return 'contains "/"';
  if (/\s|\p{Cc}/u.test(name)) return "contains a blank or a control character";
  // The longest name can be replaced too: the suffix of its stand-in does not count.
  const given = isStandIn(name) ? name.slice(0, -standInSuffix.length) : name;
  if (Buffer.byteLength(given) > nameBytesMax) return `is longer than ${nameBytesMax} bytes`;
  return undefined;
}

/**
 * The same for a new snapshot: commands would take the name for an option, or for a copy that was made while a snapshot was replaced,
 * which is deleted once that snapshot is whole.
 */
export function reservedNameFault(name: string): string | undefined {
  if (name.startsWith("-")) return 'starts with "-", as options do';
  return isStandIn(name) ? `ends in "${standInSuffix}", as copies of replaced snapshots do` : undefined;
}

/** The same for a name that a layout makes, which must leave room for "-frozen" and a number. */
export function madeNameFault(name: string): string | undefined {
  const fault = snapshotNameFault(name) ?? reservedNameFault(name);
  if (fault !== undefined || Buffer.byteLength(name) <= madeNameBytesMax) return fault;
  return `is longer than ${madeNameBytesMax} bytes, which leaves no room for a number`;
}

const madeNameBytesMax = 180;

/**
 * What somebody may call a snapshot, a mirror or a public link: leaves room in the 255 bytes of a file name for what mirrorctl
 * adds, such as a stand-in, a temporary name, ".json" or ".export-<16 digits>.lock.holder".
 */
export const nameBytesMax = 200;

/** The name of the working mirror in reports, in place of the name of a snapshot. */
export const workingMirrorName = "(working mirror)";
