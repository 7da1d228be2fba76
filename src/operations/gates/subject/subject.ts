import type { IndexChange } from "../../../changes/index.ts";
import { type Criterion, type GateName } from "../../../gates/index.ts";
import type { Snapshot } from "../../../snapshot/index.ts";
import type { Ports } from "../../context.ts";
import { compareTrees, type FoundTree, findTree, openPackages, treeOfSnapshot } from "../../trees/index.ts";
import type { VerificationPorts } from "../../verify/index.ts";
import { type BesideMirror, openBeside, type Together } from "./beside.ts";
import { NameCensus, type TreeNames } from "./tree-names.ts";
import { type ReleasesByName, readReleases } from "./tree-releases.ts";

/** What gates need of a mirror. */
export type GatePorts = VerificationPorts &
  Ports<
    | "layout"
    | "catalog"
    | "publisher"
    | "history"
    | "memory"
    | "record"
    | "lockSnapshots"
    | "programs"
    | "openApt"
    | "tempDir"
    | "who"
    | "installability"
    | "working"
    | "other"
    | "firstSeen"
    | "changelogCache"
  >;

/** The snapshot that is tested, and what gates ask about it. Each answer is found when a gate first asks, and once. */
export interface Subject {
  readonly ports: GatePorts;
  readonly snapshot: Snapshot;
  /** What gates find may be kept: false for a dry run. */
  readonly keeps: boolean;
  /** The time of the test. */
  readonly now: Date;
  /** The tree of the snapshot. */
  readonly tree: FoundTree;
  /** What production shows; undefined if it shows nothing. */
  readonly production: () => Promise<FoundTree | undefined>;
  /** Returns another mirror, from which machines install too. */
  readonly beside: (id: string) => Promise<BesideMirror>;
  /** The binary packages that the snapshot lists. */
  readonly names: () => Promise<TreeNames>;
  /** Those that production lists; undefined if it shows nothing. */
  readonly namesInProduction: () => Promise<TreeNames | undefined>;
  /** How the packages differ from those in production; undefined if it shows nothing. */
  readonly changes: () => Promise<readonly IndexChange[] | undefined>;
  /** The Releases of the snapshot, by suite. */
  readonly releases: () => Promise<ReleasesByName>;
  readonly releasesInProduction: () => Promise<ReleasesByName | undefined>;
}

export function openSubject(
  ports: GatePorts,
  snapshot: Snapshot,
  together: Together,
  { keeps }: Pick<Subject, "keeps">,
): Subject {
  const { mirror } = ports;
  const use = { verb: "tested", hint: `See where it leads: mirrorctl status ${mirror.id}` } as const;
  const tree = treeOfSnapshot(ports, snapshot, use);
  const production = once(async () => {
    const { kind } = await ports.publisher.read("production");
    return kind === "none" ? undefined : await findTree(ports, "production", use);
  });
  const ifShown = async <Value>(read: (shown: FoundTree) => Promise<Value>): Promise<Value | undefined> => {
    const shown = await production();
    return shown && (await read(shown));
  };
  const census = new NameCensus((shown) => openPackages(ports, shown));
  const asksNames = mirror.criteria.some(({ gate }: Criterion) => naming.has(gate));
  const open = (one: FoundTree) => (asksNames ? census.open(one) : openPackages(ports, one));
  const changes = once(() =>
    ifShown(async (shown) => (shown.path === tree.path ? [] : await compareTrees(open(shown), open(tree)))),
  );
  // A comparison reads most of what the names need: it goes first if both are asked for.
  const afterChanges = async (): Promise<void> => {
    if (mirror.criteria.some(({ gate }: Criterion) => comparing.has(gate))) await changes();
  };
  return {
    ports,
    snapshot,
    keeps,
    now: ports.now(),
    tree,
    production,
    beside: (id) => openBeside(ports.other(id), together, mirror.id),
    changes,
    names: once(async () => {
      await afterChanges();
      return await census.namesOf(tree);
    }),
    namesInProduction: once(async () => {
      await afterChanges();
      return await ifShown((shown) => census.namesOf(shown));
    }),
    releases: once(async () => readReleases(ports, tree)),
    releasesInProduction: once(() => ifShown(async (shown) => readReleases(ports, shown))),
  };
}

/** The gates that ask for names. Without them, a comparison reads only what differs. */
const naming: ReadonlySet<GateName> = new Set<GateName>([
  "min_packages",
  "require_packages",
  "max_removed_percent",
  "max_downgrades",
  "max_changed_bytes",
]);

/** The gates that ask for the changes. */
const comparing: ReadonlySet<GateName> = new Set<GateName>(["max_changed_bytes", "min_package_age"]);

function once<Value>(find: () => Promise<Value>): () => Promise<Value> {
  let found: Promise<Value> | undefined;
  return () => {
    found ??= find();
    return found;
  };
}
