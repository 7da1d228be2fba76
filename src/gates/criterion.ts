import type { Exemption } from "./exemption.ts";

/**
 * What a snapshot must meet before it goes into production, as configured: a gate and its limits. The order is that of the
 * tests.
 */
export type Criterion =
  | { readonly gate: "complete" }
  | { readonly gate: "min_packages"; readonly packages: number }
  | { readonly gate: "require_packages"; readonly names: readonly string[] }
  | { readonly gate: "max_removed_percent"; readonly percent: number }
  | { readonly gate: "max_downgrades"; readonly names: number }
  | { readonly gate: "max_changed_bytes"; readonly packages: number }
  | { readonly gate: "same_origin" }
  | { readonly gate: "max_release_age"; readonly ageMs: number }
  | { readonly gate: "min_validity"; readonly leftMs: number }
  | { readonly gate: "min_staged"; readonly stagedMs: number }
  | { readonly gate: "min_package_age"; readonly ageMs: number; readonly exempt: readonly Exemption[] }
  | ({
      readonly gate: "installable";
      /** Dependencies, such as "nginx" or "postgresql (>= 16)". */
      readonly names: readonly string[];
    } & Machines)
  | ({
      readonly gate: "no_new_uninstallable";
      /** Globs of names of packages that may become uninstallable, and why. */
      readonly ignore: readonly string[];
      readonly ignoreReason?: string | undefined;
    } & Machines)
  | ({
      readonly gate: "apt";
      /** Packages; "name:architecture" for one that only machines of that architecture install. */
      readonly names: readonly string[];
    } & Machines)
  | {
      readonly gate: "profiles";
      /** Absolute paths of copies of /var/lib/dpkg/status. */
      readonly files: readonly string[];
      /** Globs of the names of packages that an upgrade may remove. */
      readonly allowRemove: readonly string[];
      readonly with: readonly string[];
    }
  | {
      readonly gate: "commands";
      /** A program and its arguments each. */
      readonly commands: readonly (readonly [string, ...string[]])[];
      /** For each of them. */
      readonly limitMs: number;
    }
  | { readonly gate: "approvals"; readonly people: number };

/** What machines install from beside the snapshot. */
interface Machines {
  /** Mirrors. */
  readonly with: readonly string[];
  /** Architectures that machines accept beside their own. */
  readonly foreign: readonly string[];
}

/** The key of the configuration. */
export type GateName = Criterion["gate"];

export type CriterionOf<Name extends GateName> = Extract<Criterion, { readonly gate: Name }>;

/** Returns the other mirrors that the verdict on a criterion depends on. */
export const othersOf = (criterion: Criterion): readonly string[] =>
  "with" in criterion ? criterion.with : [];
