/** What may be the name of a snapshot: one path segment that a shell, a URL and a listing can carry. Pure. */

/** The name of the copy that staging leads to while the snapshot of that name is replaced. */
export const standInName = (name: string): string => `${name}${standInSuffix}`;

const standInSuffix = "~replacing";

/** What is wrong with a name of a snapshot, as the end of a sentence, or undefined when it is legal. */
export function snapshotNameFault(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name.startsWith(".")) return 'starts with "."'; // mirrorctl's own: .meta, drafts
  if (name.includes("/")) return 'contains "/"';
  if (/\s|\p{Cc}/u.test(name)) return "contains a blank or a control character";
  // The longest name can be replaced as well: what a stand-in adds does not count.
  const given = name.endsWith(standInSuffix) ? name.slice(0, -standInSuffix.length) : name;
  if (Buffer.byteLength(given) > nameBytesMax) return `is longer than ${nameBytesMax} bytes`;
  return undefined;
}

/** Room below the 255 bytes of a file name for what a stand-in, a temporary name and ".json" add. */
const nameBytesMax = 200;
