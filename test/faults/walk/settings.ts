/** The configurations of mirrors in a random walk. */
import * as fc from "fast-check";
import type { MirrorSettings } from "../../support/index.ts";
import { suiteNames } from "./origin.ts";

/** What a mirror copies. */
export interface Selection {
  readonly suites: readonly string[];
  readonly sections: readonly string[];
  readonly architectures: readonly string[];
  readonly source: boolean;
  readonly isFiltered: boolean;
  readonly allowMissing: boolean;
}

/** What it does with what it has copied. */
export interface Policy {
  readonly snapshots: "each sync" | "each sync, the last two kept" | "none";
  readonly skipUnchanged: boolean;
  readonly showsWorking: boolean;
  readonly grace: "0" | "1h" | "5h";
}

export const anySelection: fc.Arbitrary<Selection> = fc.record({
  suites: fc.constantFrom(suiteNames, suiteNames, ["stable"], ["updates"]),
  sections: fc.constantFrom(["main"], ["main", "contrib"], ["contrib", "main"]),
  architectures: fc.constantFrom(["amd64"], ["amd64", "arm64"], ["arm64"]),
  source: fc.boolean(),
  isFiltered: fc.constantFrom(true, false, false, false),
  allowMissing: fc.boolean(),
});

export const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  snapshots: fc.constantFrom("each sync", "each sync, the last two kept", "none"),
  skipUnchanged: fc.boolean(),
  showsWorking: fc.boolean(),
  grace: fc.constantFrom("0", "1h", "5h"),
});

export function selectionSettings(selection: Selection): MirrorSettings {
  const { suites, sections, architectures, source, isFiltered, allowMissing } = selection;
  return {
    suites,
    sections,
    architectures,
    mirror_source: source,
    allow_missing: allowMissing,
    ...(isFiltered ? { filters: { exclude_patterns: ["beta"] } } : {}),
  };
}

export function policySettings({ snapshots, skipUnchanged, showsWorking, grace }: Policy): MirrorSettings {
  if (snapshots === "none") return { publish: { grace } };
  return {
    publish_to_staging: true,
    publish: { grace, working: showsWorking },
    snapshot: {
      skip_unchanged: skipUnchanged,
      default_name_format: "2006-01-02T15-04-05Z",
      ...(snapshots === "each sync" ? {} : { prune: { keep_last: 2 } }),
    },
  };
}
