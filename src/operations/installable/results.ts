import type { Candidate, Link, Reason } from "../../installability/index.ts";

/** What names a package. */
export interface PackageId {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly variant?: string;
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
      readonly declared?: { readonly by: PackageId; readonly relation: string };
    };

export interface Uninstallable extends PackageId {
  readonly causes: readonly Cause[];
}

/** What machines of one kind can install. */
export interface MachineReport {
  /** Such as "amd64", or a variant. */
  readonly architecture: string;
  /** How many packages the machine can choose from. */
  readonly packages: number;
  /** How many of them were checked. */
  readonly checked: number;
  readonly uninstallable: readonly Uninstallable[];
  /** Those for which the search took too long. */
  readonly undetermined: readonly PackageId[];
  /** Whether the packages that were asked for can be installed together. */
  readonly together?: {
    readonly result: "installable" | "uninstallable" | "undetermined";
    readonly causes: readonly Cause[];
  };
}

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
