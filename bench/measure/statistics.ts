/** The middle of several values, and how far they reach. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number): number => sorted[Math.floor(index)] ?? Number.NaN;
  return { median: (at(middle - 0.5) + at(middle)) / 2, min: at(0), max: at(sorted.length - 1) };
}
