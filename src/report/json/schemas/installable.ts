import * as v from "valibot";
import { count, described, list, maybe, message, mirrorId, snapshotName } from "./shapes.ts";

const packageId = {
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

const cause = v.variant("kind", [
  v.object({
    kind: v.literal("missing"),
    chain,
    relation: described(v.string(), "the dependency of the last package of the chain that no package meets"),
    message,
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
    message,
  }),
]);

const causes = described(list(cause), "at most ten");

/** `mirrorctl snapshot installable --json` */
export const installableAnswer = v.object({
  mirror: mirrorId,
  snapshot: snapshotName,
  with: described(
    list(v.object({ mirror: mirrorId, snapshot: snapshotName })),
    "what packages may also come from: production of other mirrors",
  ),
  machines: described(
    list(
      v.object({
        architecture: described(v.string(), "such as amd64, or a variant such as amd64v3"),
        packages: described(count, "packages that such a machine can choose from"),
        checked: described(count, "packages that were checked: of the snapshot, the newest of each name"),
        uninstallable: list(v.object({ ...packageId, causes })),
        undetermined: described(list(v.object(packageId)), "packages for which the search took too long"),
        together: maybe(
          described(
            v.object({ result: v.picklist(["installable", "uninstallable", "undetermined"]), causes }),
            "with packages: whether they can be installed together",
          ),
        ),
      }),
    ),
    "one for each architecture",
  ),
});

export type InstallableAnswer = v.InferOutput<typeof installableAnswer>;
