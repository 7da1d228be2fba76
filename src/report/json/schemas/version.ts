import * as v from "valibot";
import { described } from "./shapes.ts";

/** `mirrorctl version --json` */
export const versionAnswer = v.object({
  version: v.string(),
  commit: v.string(),
  time: described(v.string(), "when it was built, ISO 8601, or unbuilt"),
});

export type VersionAnswer = v.InferOutput<typeof versionAnswer>;
