import type { FieldName } from "../repository/index.ts";
import type { Candidate, Clause } from "./candidates.ts";
import { Offers } from "./offers.ts";
import { ClauseTable, ExclusionTable, excludedBy, type Node } from "./relation-tables.ts";
import { namesIn, splitField } from "./relations.ts";

/** The fields that decide what can be installed. */
export const installabilityFields = [
  "package",
  "version",
  "architecture",
  "architecture-variant",
  "multi-arch",
  "essential",
  "pre-depends",
  "depends",
  "conflicts",
  "breaks",
  "provides",
] as const satisfies readonly FieldName[];

/** A stanza with these fields. */
export interface PackageFields {
  get(field: (typeof installabilityFields)[number]): string | undefined;
}

/** The architectures of a machine. */
export interface Machine {
  /** Its own, such as "amd64". */
  readonly native: string;
  /** Others that it accepts, as with `dpkg --add-architecture`. */
  readonly foreign: readonly string[];
}

/** The packages that a machine can choose from, and how they are related. */
export interface Universe {
  readonly candidates: readonly Candidate[];
  /** One for each Essential name: every machine has a package of that name. */
  readonly essentials: readonly Clause[];
  /** Returns the candidates of a name. */
  named(name: string): readonly Candidate[];
  /** Reads a dependency, such as "postgresql (>= 16)", of a package of an architecture; unset: of the machine's own. */
  clause(text: string, architecture?: string): Clause;
  /** Returns what a relation of Conflicts or Breaks matches. */
  excluded(relation: string): readonly Candidate[];
}

/** Gathers the packages of a universe. */
export class UniverseBuilder {
  readonly #machine: Machine;
  readonly #offers: Offers<Node>;
  readonly #clauses: ClauseTable;
  readonly #exclusions = new ExclusionTable();
  readonly #nodes: Node[] = [];
  readonly #essentials: Node[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#offers = new Offers(machine.native);
    this.#clauses = new ClauseTable(this.#offers);
  }

  /**
   * Adds a package. Returns undefined if the machine does not accept its architecture. Of two with the same name, version,
   * architecture and variant the first counts, as in apt.
   */
  add(fields: PackageFields): Candidate | undefined {
    const identity = readIdentity(fields, this.#machine);
    if (identity === undefined) return undefined;
    const known = this.#offers.named(identity.name).find((one) => isSamePackage(one, identity));
    if (known !== undefined) return known;
    const node = this.#nodeOf(identity, splitFields(fields, "pre-depends", "depends"));
    for (const text of splitFields(fields, "conflicts", "breaks")) this.#exclusions.declare(node, text);
    this.#offers.addProvides(node, fields.get("provides"));
    if (fields.get("essential") === "yes") this.#essentials.push(node);
    return node;
  }

  build(): Universe {
    const { native } = this.#machine;
    this.#exclusions.resolve(this.#offers);
    const essentials = Map.groupBy(this.#essentials, ({ name }) => name);
    return {
      candidates: this.#nodes,
      essentials: [...essentials].map(([text, alternatives]) => ({ text, alternatives })),
      named: (name) => this.#offers.named(name),
      clause: (text, architecture = native) => this.#clauses.clause(text, architecture),
      excluded: (text) => excludedBy(text, this.#offers),
    };
  }

  #nodeOf(identity: Identity, dependencies: readonly string[]): Node {
    const node: Node = {
      id: this.#nodes.length,
      ...identity,
      namesakes: [],
      dependencies: dependencies.map((text) => this.#clauses.clause(text, identity.countsAs)),
      declares: [],
      excludedBy: [],
    };
    node.namesakes = this.#offers.addOwnName(node);
    this.#nodes.push(node);
    return node;
  }
}

/** Returns the name of a package, and those that it provides. */
export function namesOffered(fields: PackageFields): readonly string[] {
  const provided = splitField(fields.get("provides")).flatMap(namesIn);
  return [fields.get("package") ?? "", ...provided];
}

type Identity = Pick<Candidate, "name" | "version" | "architecture" | "countsAs" | "variant" | "multiArch">;

function readIdentity(fields: PackageFields, { native, foreign }: Machine): Identity | undefined {
  const name = fields.get("package");
  const version = fields.get("version");
  const architecture = fields.get("architecture");
  if (!name || !version || !architecture) return undefined; // no sync accepts it, and no client can install it
  const countsAs = architecture === "all" ? native : architecture;
  if (countsAs !== native && !foreign.includes(countsAs)) return undefined;
  const variant = fields.get("architecture-variant") || undefined;
  return { name, version, architecture, countsAs, variant, multiArch: fields.get("multi-arch") };
}

const isSamePackage = (one: Identity, other: Identity): boolean =>
  one.version === other.version && one.architecture === other.architecture && one.variant === other.variant;

const splitFields = (
  fields: PackageFields,
  ...names: readonly (typeof installabilityFields)[number][]
): readonly string[] => names.flatMap((name) => splitField(fields.get(name)));
