import * as v from "valibot";
import { causeWith, packageId } from "./cause.ts";
import { count, described, list, maybe, message, mirrorId, snapshotName } from "./shapes.ts";

const cause = causeWith({ message });

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
