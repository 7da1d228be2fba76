/** What may be the name of a snapshot: one path segment that a shell, a URL and a listing can carry. Pure. */

/** What is wrong with a name of a snapshot, as the end of a sentence, or undefined when it is legal. */
export function snapshotNameFault(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name.startsWith(".")) return 'starts with "."'; // mirrorctl's own: .meta, drafts
  if (name.includes("/")) return 'contains "/"';
  if (/\s|\p{Cc}/u.test(name)) return "contains a blank or a control character";
  if (Buffer.byteLength(name) > nameBytesMax) return `is longer than ${nameBytesMax} bytes`;
  return undefined;
}

/** Room below the 255 bytes of a file name for what a temporary name or ".json" adds. */
const nameBytesMax = 200;
