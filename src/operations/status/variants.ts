import type { Concern } from "../../report/words/concerns.ts";
import type { Ports } from "../context.ts";
import { variantsToAdd } from "../variants-left-out.ts";
import { readState } from "./read-state.ts";

/** Finds architecture variants that the last sync saw upstream, and that the configuration leaves out. */
export function concernsOfVariants({ mirror, memory }: Ports<"mirror" | "memory">): readonly Concern[] {
  const leftOut = readState({ memory })?.variantsLeftOut ?? [];
  return variantsToAdd(mirror.architectures, leftOut).map((variant) => ({
    kind: "variant-left-out",
    ...variant,
  }));
}
