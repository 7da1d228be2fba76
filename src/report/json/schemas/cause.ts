import * as v from "valibot";
import { described, list, maybe } from "./shapes.ts";

export const packageId = {
  name: v.string(),
  version: v.string(),
  architecture: v.string(),
  variant: maybe(described(v.string(), "such as amd64v3")),
};

const chain = list(
  v.object({
    ...packageId,
    relation: described(
      v.string(),
      "the dependency by which it comes in; for the first package, what was asked for",
    ),
  }),
);

/** Why something cannot be installed, with further members. */
export const causeWith = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.variant("kind", [
    v.object({
      kind: v.literal("missing"),
      chain,
      relation: described(
        v.string(),
        "the dependency of the last package of the chain that no package meets",
      ),
      ...entries,
    }),
    v.object({
      kind: v.literal("conflict"),
      chain,
      otherChain: described(chain, "its last package excludes the last one of chain"),
      declared: maybe(
        described(
          v.object({ by: v.object(packageId), relation: v.string() }),
          "the Conflicts or Breaks; absent for two packages of one name",
        ),
      ),
      ...entries,
    }),
  ]);
