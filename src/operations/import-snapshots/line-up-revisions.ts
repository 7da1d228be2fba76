/** A revision of one suite, and the Date of its Release, which was verified. */
export interface DatedRevision {
  readonly suite: string;
  readonly number: number;
  readonly date: Date;
}

/**
 * Returns which revisions of all suites belonged together: for each revision, those that were the newest of their suites at its
 * Date. The oldest comes first. Before every suite has a revision, there was no whole tree.
 */
export function lineUpRevisions(
  suites: readonly string[],
  revisions: readonly DatedRevision[],
): readonly (readonly DatedRevision[])[] {
  const newest = new Map<string, DatedRevision>();
  const states = new Map<number, readonly DatedRevision[]>();
  const inOrder = revisions.toSorted((a, b) => a.date.getTime() - b.date.getTime() || a.number - b.number);
  for (const revision of inOrder) {
    newest.set(revision.suite, revision);
    const state = suites.flatMap((suite) => newest.get(suite) ?? []);
    // Suites that changed at the same time changed together.
    if (state.length === suites.length) states.set(revision.date.getTime(), state);
  }
  return [...states.values()];
}
