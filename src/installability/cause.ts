import type { Candidate } from "./candidates.ts";
import type { Reason } from "./reasons.ts";
import type { Link } from "./selection.ts";

/** What names a package. */
export interface PackageId {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

/** A package of a chain, and the dependency by which it came in; for the first one, what was asked for. */
export interface ChainLink extends PackageId {
  readonly relation: string;
}

/** Why something cannot be installed, as data. */
export type Cause =
  /** No package meets `relation`, a dependency of the last package of the chain. */
  | { readonly kind: "missing"; readonly chain: readonly ChainLink[]; readonly relation: string }
  /** The last packages of the chains exclude each other. */
  | {
      readonly kind: "conflict";
      readonly chain: readonly ChainLink[];
      readonly otherChain: readonly ChainLink[];
      /** What one of them declares; absent for two packages of one name. */
      readonly declared?: { readonly by: PackageId; readonly relation: string } | undefined;
    };

export const packageId = ({ name, version, architecture, variant }: Candidate): PackageId => ({
  name,
  version,
  architecture,
  ...(variant === undefined ? {} : { variant }),
});

const chainOf = (links: readonly Link[]): readonly ChainLink[] =>
  links.map(({ candidate, relation }) => ({ ...packageId(candidate), relation }));

/** Returns a reason without its universe. */
export function causeOf(reason: Reason): Cause {
  const chain = chainOf(reason.chain);
  if (reason.kind === "missing") return { kind: "missing", chain, relation: reason.relation };
  const { otherChain, exclusion } = reason;
  const declared = exclusion && { by: packageId(exclusion.declarer), relation: exclusion.relation };
  return {
    kind: "conflict",
    chain,
    otherChain: chainOf(otherChain),
    ...(declared === undefined ? {} : { declared }),
  };
}
