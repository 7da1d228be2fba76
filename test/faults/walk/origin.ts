/** The upstream of a random walk: two suites whose packages and indices change. */
import * as fc from "fast-check";
import type { Compression } from "../../support/compress.ts";
import { type DigestName, digestNames } from "../../support/digests.ts";
import type { FakeUpstream } from "../../support/index.ts";

export const suiteNames = ["stable", "updates"] as const;
type SuiteName = (typeof suiteNames)[number];

const packageNames = ["alpha", "beta", "gamma"] as const;

/** A package that takes the place of the one of its name, which is gone if it has no version. */
interface PackageChange {
  readonly name: string;
  readonly version: "1" | "2" | undefined;
  readonly architecture: "amd64" | "arm64" | "all";
  readonly component: "main" | "contrib";
  /** Two suites may have the same file, and one file may be listed in two places. */
  readonly directory: "x" | "y/z" | "of suite";
}

export interface OriginChange {
  readonly suite: SuiteName;
  readonly packages: readonly PackageChange[];
  readonly layout: Layout | undefined;
}

/** How the indices of a suite are written. */
interface Layout {
  readonly style: keyof typeof styles;
  readonly compressions: readonly Compression[];
  readonly digests: readonly DigestName[];
}

/** The same stanzas, in other bytes. */
const styles = {
  usual: (text: string) => text,
  reversed: (text: string) =>
    text
      .split(/(?<=\n\n)/)
      .toReversed()
      .join(""),
  doubled: (text: string) => text + text,
  crlf: (text: string) => text.replaceAll("\n", "\r\n"),
  unended: (text: string) => text.trimEnd(),
};

const anyPackage: fc.Arbitrary<PackageChange> = fc.record({
  name: fc.constantFrom(...packageNames),
  version: fc.constantFrom("1", "2", undefined),
  architecture: fc.constantFrom("amd64", "amd64", "arm64", "all"),
  component: fc.constantFrom("main", "contrib"),
  directory: fc.constantFrom("x", "y/z", "of suite"),
});

const anyLayout: fc.Arbitrary<Layout> = fc.record({
  style: fc.constantFrom("usual", "reversed", "doubled", "crlf", "unended"),
  compressions: fc.constantFrom<readonly Compression[]>(["gz"], ["xz"], ["gz", "xz"], []),
  digests: fc.constantFrom<readonly DigestName[]>(digestNames, ["SHA256"], ["SHA512"]),
});

export const anyOriginChange: fc.Arbitrary<OriginChange> = fc.record({
  suite: fc.constantFrom(...suiteNames),
  packages: fc.array(anyPackage, { maxLength: 3 }),
  layout: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyLayout }),
});

/** A part of the names of files that a server may lack. */
export const anyLackedName = fc.constantFrom(...packageNames, "stays", "origin");

/** The date of the first Release; each later one is a minute younger. */
const firstDate = Date.parse("2025-03-01T00:00:00Z");

export class Origin {
  readonly #upstream: FakeUpstream;
  /** The suites of the upstream hold these arrays. */
  readonly #layouts = new Map<
    SuiteName,
    { style: Layout["style"]; compressions: Compression[]; digests: DigestName[] }
  >();
  /** Suite and name -> the version that the suite has. */
  readonly #versions = new Map<string, string>();
  #revision = 0;

  constructor(upstream: FakeUpstream) {
    this.#upstream = upstream;
    for (const name of suiteNames) this.#addSuite(name);
  }

  /** Counts how often it was published. */
  get revision(): number {
    return this.#revision;
  }

  async publish(): Promise<void> {
    await this.#upstream.publish({ date: new Date(firstDate + 60_000 * this.#revision) });
    this.#revision++;
  }

  async change({ suite, packages, layout }: OriginChange): Promise<void> {
    for (const change of packages) this.#changePackage(suite, change);
    const own = this.#layouts.get(suite);
    if (layout !== undefined && own !== undefined) {
      own.style = layout.style;
      own.compressions.splice(0, Infinity, ...layout.compressions);
      own.digests.splice(0, Infinity, ...layout.digests);
    }
    await this.publish();
  }

  #addSuite(name: SuiteName): void {
    const layout = { style: "usual" as const, compressions: ["gz" as const], digests: [...digestNames] };
    this.#layouts.set(name, layout);
    this.#upstream
      .suite(name, {
        architectures: ["amd64", "arm64"],
        components: ["main", "contrib"],
        compressions: layout.compressions,
        digests: layout.digests,
        acquireByHash: name === "stable",
        editIndex: (text) => styles[this.#layouts.get(name)?.style ?? "usual"](text),
      })
      .addPackage(`stays-${name}`, "1.0")
      .addSource(`origin-${name}`, "1.0");
  }

  #changePackage(suite: SuiteName, { name, version, directory, ...where }: PackageChange): void {
    const key = `${suite} ${name}`;
    const old = this.#versions.get(key);
    if (old !== undefined) this.#upstream.suite(suite).removePackage(name, old);
    this.#versions.delete(key);
    if (version === undefined) return;
    const below = directory === "of suite" ? suite : directory;
    const filename = `pool/${below}/${name}_${version}_${where.architecture}.deb`;
    this.#upstream.suite(suite).addPackage(name, version, { ...where, filename });
    this.#versions.set(key, version);
  }
}
