/**
 * What can be installed from a set of packages, and why not: the relations of deb-control(5), the packages that they match,
 * and a search for a set in which all dependencies are met. Pure. Does not know which indices a machine reads.
 */
export type { Candidate } from "./candidates.ts";
export { type Cause, type ChainLink, causeOf, type PackageId, packageId } from "./cause.ts";
export { findCulprit, namesBehind } from "./culprit.ts";
export type { Culprit, Universes } from "./culprit-search.ts";
export type { Reason } from "./reasons.ts";
export { isDependency } from "./relations.ts";
export type { Link } from "./selection.ts";
export { Solver, type Verdict } from "./solver.ts";
export {
  installabilityFields,
  type Machine,
  namesOffered,
  type PackageFields,
  type Universe,
  UniverseBuilder,
} from "./universe.ts";
