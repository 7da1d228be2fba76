/** Returns "pinned" with the note, if there is one. */
export const pinnedText = (note: string | undefined): string =>
  note === undefined ? "pinned" : `pinned: ${note}`;
