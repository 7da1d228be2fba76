/** What a snapshot must meet before it goes into production, as configured: a gate and its limits. */
export type Criterion =
  | { readonly gate: "complete" }
  | { readonly gate: "min_packages"; readonly packages: number }
  | { readonly gate: "require_packages"; readonly names: readonly string[] };

/** The key of the configuration. */
export type GateName = Criterion["gate"];

export type CriterionOf<Name extends GateName> = Extract<Criterion, { readonly gate: Name }>;
