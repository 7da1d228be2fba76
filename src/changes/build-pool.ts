import type { PackageBuild } from "./package-build.ts";

/** Returns one object for all equal builds: most packages are the same in both trees, and need memory once. */
export class BuildPool {
  readonly #byDigest = new Map<string, PackageBuild>();

  intern(build: PackageBuild): PackageBuild {
    const known = this.#byDigest.get(build.digest);
    if (known === undefined) this.#byDigest.set(build.digest, build);
    return known !== undefined && areEqual(known, build) ? known : build;
  }
}

const areEqual = (one: PackageBuild, other: PackageBuild): boolean =>
  one.name === other.name &&
  one.version === other.version &&
  one.architecture === other.architecture &&
  one.variant === other.variant &&
  one.sourceField === other.sourceField &&
  one.builtUsing === other.builtUsing;
