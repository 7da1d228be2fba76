import type { VariantLeftOut } from "../plan/index.ts";

/** A variant that is left out, and the architectures to configure so that it is not. */
export interface VariantToAdd extends VariantLeftOut {
  readonly architectures: readonly string[];
}

/** Those that are still left out of the configured architectures. */
export function variantsToAdd(
  configured: readonly string[],
  leftOut: readonly VariantLeftOut[],
): readonly VariantToAdd[] {
  const left = leftOut.filter(({ variant }) => !configured.includes(variant));
  const architectures = configured.flatMap((name) => [
    name,
    ...left.filter(({ architecture }) => architecture === name).map(({ variant }) => variant),
  ]);
  return left.map((variant) => ({ ...variant, architectures }));
}
