import type { Concern } from "../../report/words/concerns.ts";
import type { MirrorContext } from "../context.ts";
import { variantsToAdd } from "../variants-left-out.ts";
import { readState } from "./read-state.ts";

/** Finds architecture variants that the last sync saw upstream, and that the configuration leaves out. */
export function concernsOfVariants(context: MirrorContext): readonly Concern[] {
  const leftOut = readState(context)?.variantsLeftOut ?? [];
  return variantsToAdd(context.mirror.architectures, leftOut).map((variant) => ({
    kind: "variant-left-out",
    ...variant,
  }));
}
