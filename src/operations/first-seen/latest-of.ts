/** Returns the latest of these times. An invalid one does not count. */
export function latestOf(time: Date, ...others: readonly (Date | undefined)[]): Date {
  return others.reduce<Date>(
    (latest, other) => (other !== undefined && other.getTime() > latest.getTime() ? other : latest),
    time,
  );
}
