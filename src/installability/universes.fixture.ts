/** Small random universes, and the meaning of installability by enumeration. Only tests import this. */
import * as fc from "fast-check";
import type { Machine, PackageFields } from "./universe.ts";

/** The fields of a stanza by name. Versions are whole numbers. */
export type Fields = Readonly<Record<string, string>>;

export const stanzaOf = (fields: Fields): PackageFields => ({ get: (name) => fields[name] });

/** Reads one package a line: "name version; field: value; …". */
export const packagesOf = (...lines: readonly string[]): readonly Fields[] =>
  lines.map((line) => {
    const [head = "", ...others] = line.split("; ");
    const [name = "", version = ""] = head.split(" ");
    const fields = others.map((text) => text.split(": "));
    return { package: name, version, architecture: "amd64", ...Object.fromEntries(fields) };
  });

const names = ["a", "b", "c", "d", "e"];
const relationNames = [...names, "v", "w"];
const anyVersion = fc.constantFrom("1", "2", "3");
const rarely = <Value>(value: fc.Arbitrary<Value>, weight = 3): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const anyConstraint = rarely(
  fc.record({ operator: fc.constantFrom("<<", "<=", "=", ">=", ">>"), version: anyVersion }),
).map((one) => (one === undefined ? "" : ` (${one.operator} ${one.version})`));

const relationOf = (qualifiers: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...relationNames), rarely(fc.constantFrom(...qualifiers)), anyConstraint)
    .map(([name, qualifier, constraint]) => `${name}${qualifier ?? ""}${constraint}`);

const anyClause = fc
  .array(relationOf([":any", ":native", ":amd64", ":i386"]), { minLength: 1, maxLength: 3 })
  .map((alternatives) => alternatives.join(" | "));
const anyProvides = fc
  .tuple(fc.constantFrom(...relationNames), rarely(anyVersion))
  .map(([name, version]) => name + (version === undefined ? "" : ` (= ${version})`));
const listOf = (item: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(item, { maxLength }).map((items) => items.join(", "));

const anyFields: fc.Arbitrary<Fields> = fc
  .record({
    package: fc.constantFrom(...names),
    version: anyVersion,
    architecture: fc.constantFrom("amd64", "amd64", "all", "i386"),
    "architecture-variant": rarely(fc.constant("amd64v3")),
    "multi-arch": rarely(fc.constantFrom("same", "foreign", "allowed", "no")),
    essential: rarely(fc.constant("yes"), 8),
    "pre-depends": rarely(listOf(anyClause, 1)),
    depends: listOf(anyClause, 2),
    conflicts: rarely(listOf(relationOf([":i386", ":any"]), 2)),
    breaks: rarely(listOf(relationOf([":amd64"]), 2)),
    provides: rarely(listOf(anyProvides, 2)),
  })
  .map((fields) => {
    const { architecture, "multi-arch": multiArch, "architecture-variant": variant } = fields;
    const isPossible = architecture !== "all" || multiArch !== "same"; // dpkg refuses that one
    const all = {
      ...fields,
      "multi-arch": isPossible ? multiArch : undefined,
      "architecture-variant": architecture === "amd64" ? variant : undefined,
    };
    return Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  });

/** Different packages: at most ten. */
export const anyPackages: fc.Arbitrary<readonly Fields[]> = fc.uniqueArray(anyFields, {
  minLength: 1,
  maxLength: 10,
  selector: (one) => [one.package, one.version, one.architecture, one["architecture-variant"]].join(),
});

export const anyMachine: fc.Arbitrary<Machine> = fc.constantFrom(
  { native: "amd64", foreign: [] },
  { native: "amd64", foreign: ["i386"] },
);

/** A relation as the definition reads it. */
interface Wanted {
  readonly name: string;
  readonly qualifier: string | undefined;
  readonly isAllowed: (version: string) => boolean;
  readonly isVersioned: boolean;
}

const orders: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "<<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => a === b,
  ">=": (a, b) => a >= b,
  ">>": (a, b) => a > b,
};

function wantedOf(text: string): Wanted {
  const [head = "", constraint] = text.split(" (");
  const [name = "", qualifier] = head.split(":");
  const [operator = "", version] = (constraint ?? "").replace(")", "").split(" ");
  const compare = orders[operator];
  const isAllowed = (found: string): boolean => compare?.(Number(found), Number(version)) ?? true;
  return { name, qualifier, isAllowed, isVersioned: compare !== undefined };
}

const partsOf = (field: string | undefined, separator: string): readonly string[] =>
  field === undefined || field === "" ? [] : field.split(separator);

/** Installability by its definition, for universes that are small enough to try every set of packages. */
export class Definition {
  readonly #machine: Machine;
  readonly #packages: readonly Fields[];
  #healthy: readonly ReadonlySet<Fields>[] | undefined;

  constructor(packages: readonly Fields[], machine: Machine) {
    this.#machine = machine;
    this.#packages = packages.filter((one) =>
      [machine.native, ...machine.foreign].includes(this.#architecture(one)),
    );
  }

  get packages(): readonly Fields[] {
    return this.#packages;
  }

  /** True if some healthy set has a package for each of these dependencies. */
  canMeet(clauses: readonly string[]): boolean {
    return this.#sets().some((set) =>
      clauses.every((clause) => this.#isMet(clause, set, this.#machine.native)),
    );
  }

  isInstallable(one: Fields): boolean {
    return this.#sets().some((set) => set.has(one));
  }

  /** Returns what meets a dependency of a package of this architecture. */
  meeting(clause: string, architecture: string): readonly Fields[] {
    return this.#packages.filter((one) => this.#isMet(clause, new Set([one]), architecture));
  }

  architectureOf(one: Fields): string {
    return this.#architecture(one);
  }

  areRivals(one: Fields, other: Fields): boolean {
    if (one === other) return false;
    if (one.package === other.package) return !this.#mayCoexist(one, other);
    return this.#excludes(one, other) || this.#excludes(other, one);
  }

  #sets(): readonly ReadonlySet<Fields>[] {
    this.#healthy ??= Array.from({ length: 2 ** this.#packages.length }, (_, bits) => {
      return new Set(this.#packages.filter((_package, index) => (bits >> index) % 2 === 1));
    }).filter((set) => this.#isHealthy(set));
    return this.#healthy;
  }

  #isHealthy(set: ReadonlySet<Fields>): boolean {
    const members = [...set];
    const isPeaceful = members.every((one) => members.every((other) => !this.areRivals(one, other)));
    return isPeaceful && this.#isFounded(members) && members.every((one) => this.#isAbundant(one, set));
  }

  #isFounded(members: readonly Fields[]): boolean {
    const essentials = this.#packages.filter(({ essential }) => essential === "yes");
    return essentials.every(({ package: name }) =>
      members.some((one) => one.package === name && one.essential === "yes"),
    );
  }

  #isAbundant(one: Fields, set: ReadonlySet<Fields>): boolean {
    const clauses = [...partsOf(one["pre-depends"], ", "), ...partsOf(one.depends, ", ")];
    return clauses.every((clause) => this.#isMet(clause, set, this.#architecture(one)));
  }

  #isMet(clause: string, set: ReadonlySet<Fields>, architecture: string): boolean {
    return partsOf(clause, " | ").some((text) => {
      const wanted = wantedOf(text);
      return [...set].some((one) => this.#hasArchitecture(one, wanted, architecture) && matches(one, wanted));
    });
  }

  #hasArchitecture(one: Fields, { qualifier }: Wanted, architecture: string): boolean {
    if (qualifier === "any") return one["multi-arch"] === "allowed";
    if (qualifier === "native") return this.#architecture(one) === this.#machine.native;
    if (qualifier !== undefined) return this.#architecture(one) === qualifier;
    return this.#architecture(one) === architecture || one["multi-arch"] === "foreign";
  }

  #excludes(one: Fields, other: Fields): boolean {
    const relations = [...partsOf(one.conflicts, ", "), ...partsOf(one.breaks, ", ")].map(wantedOf);
    return relations.some((wanted) => {
      const isMeant = wanted.qualifier === undefined || this.#hasArchitecture(other, wanted, "");
      return isMeant && matches(other, wanted);
    });
  }

  #mayCoexist(one: Fields, other: Fields): boolean {
    const areSame = one["multi-arch"] === "same" && other["multi-arch"] === "same";
    return areSame && one.version === other.version && this.#architecture(one) !== this.#architecture(other);
  }

  #architecture({ architecture = "" }: Fields): string {
    return architecture === "all" ? this.#machine.native : architecture;
  }
}

function matches(one: Fields, { name, isAllowed, isVersioned }: Wanted): boolean {
  if (one.package === name && isAllowed(one.version ?? "")) return true;
  return partsOf(one.provides, ", ").some((text) => {
    const [provided, version] = text.replace(")", "").split(" (= ");
    if (provided !== name) return false;
    return version === undefined ? !isVersioned : isAllowed(version);
  });
}
