import { debFile } from "./deb-file.ts";
import type { PooledPackage } from "./index-text.ts";
import { type SourcePackage, sourcePackage, withoutEpoch } from "./source-package.ts";
import { type ExtraIndices, flatIndices, type IndexFile, sectionIndices } from "./suite-indices.ts";
import {
  type CompleteSuiteOptions,
  completeOptions,
  isFlat,
  releaseDirectory,
  type SuiteOptions,
} from "./suite-options.ts";
import type { FileContents, Links } from "./tar-archive.ts";

export interface PackageOptions {
  /** Default: the first of the suite's architectures. */
  readonly architecture?: string;
  /** Default: the first of the suite's components. */
  readonly component?: string;
  readonly depends?: string;
  readonly files?: FileContents;
  readonly links?: Links;
  /** More control fields, or replacements of the usual ones. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The path of the file and of its entry in Packages, if not the usual path in the pool. */
  readonly filename?: string;
}

export interface SourcePackageOptions {
  readonly component?: string;
  readonly files?: FileContents;
  readonly fields?: Readonly<Record<string, string>>;
}

type Spec<Options> = Options & {
  readonly name: string;
  readonly version: string;
  readonly component: string;
};

/** The contents of a suite of a fake upstream at the next `publish`. The methods chain. */
export class FakeSuite {
  readonly name: string;
  readonly options: CompleteSuiteOptions;
  readonly #packages: Spec<PackageOptions & { readonly architecture: string }>[] = [];
  readonly #sources: Spec<SourcePackageOptions>[] = [];
  readonly #languages = new Set<string>();
  readonly #extras = new Set<ExtraIndices>();
  readonly #files = new Map<string, IndexFile>();
  /** What was made for an earlier `build`: the same options give the same bytes. */
  readonly #made = new WeakMap<Spec<PackageOptions>, Promise<PooledPackage>>();
  #hasSources = false;

  constructor(name: string, options: SuiteOptions = {}) {
    this.name = name;
    this.options = completeOptions(options);
  }

  addPackage(name: string, version: string, options: PackageOptions = {}): this {
    const usual = this.options.architectures.find((candidate) => candidate !== "all");
    const architecture = options.architecture ?? usual ?? "all";
    const component = options.component ?? this.#usualComponent;
    this.#packages.push({ ...options, name, version, component, architecture });
    return this;
  }

  /** Removes every package of this name, or only that version of it. */
  removePackage(name: string, version?: string): this {
    removeFrom(this.#packages, name, version);
    return this;
  }

  addSource(name: string, version: string, options: SourcePackageOptions = {}): this {
    const component = options.component ?? this.#usualComponent;
    this.#sources.push({ ...options, name, version, component });
    this.#hasSources = true;
    return this;
  }

  removeSource(name: string, version?: string): this {
    removeFrom(this.#sources, name, version);
    return this;
  }

  /** Adds Translation-`language` to each component. */
  addTranslation(language: string): this {
    this.#languages.add(language);
    return this;
  }

  /** Adds Contents to each component and architecture. */
  addContents(): this {
    this.#extras.add("Contents");
    return this;
  }

  /** Adds AppStream's catalogue and icons. */
  addDep11(): this {
    this.#extras.add("dep11");
    return this;
  }

  /** Adds command-not-found's Commands. */
  addCnf(): this {
    this.#extras.add("cnf");
    return this;
  }

  /** Adds any other file that Release should list, or replaces the content of one of those above. */
  addFile(name: string, content: string | Uint8Array, form: IndexFile["form"] = "plain"): this {
    this.#files.set(name, { name, content, form });
    return this;
  }

  /** Returns the files of the suite, ready to be written. */
  async build(): Promise<{ indices: readonly IndexFile[]; pool: ReadonlyMap<string, Buffer> }> {
    const packages = await Promise.all(this.#packages.map((spec) => this.#madePackage(spec)));
    const sources = await Promise.all(this.#sources.map((spec) => this.#pooledSource(spec)));
    const contents = {
      ...this.options,
      suite: this.name,
      packages,
      sources: this.#hasSources ? sources : undefined,
      languages: [...this.#languages],
      extras: this.#extras,
    };
    const indices = isFlat(this.name) ? flatIndices(contents) : await sectionIndices(contents);
    const byName = new Map(indices.map((index) => [index.name, index]));
    const pool = new Map(packages.map(({ filename, bytes }) => [normalise(filename), bytes]));
    for (const { directory, files } of sources) {
      for (const [name, bytes] of files) pool.set(normalise(`${directory}/${name}`), bytes);
    }
    return { indices: [...new Map([...byName, ...this.#files]).values()], pool };
  }

  get #usualComponent(): string {
    return this.options.components[0] ?? "main";
  }

  #madePackage(spec: Spec<PackageOptions & { readonly architecture: string }>): Promise<PooledPackage> {
    const made = this.#made.get(spec) ?? this.#pooledPackage(spec);
    this.#made.set(spec, made);
    return made;
  }

  async #pooledPackage(
    spec: Spec<PackageOptions & { readonly architecture: string }>,
  ): Promise<PooledPackage> {
    const deb = await debFile({ ...spec, package: spec.name });
    const source = spec.fields?.["Source"]?.split(" ")[0] ?? spec.name;
    const usualName = `${spec.name}_${withoutEpoch(spec.version)}_${spec.architecture}.deb`;
    const filename = spec.filename ?? `${this.#directory(spec.component, source)}/${usualName}`;
    return { ...spec, ...deb, filename };
  }

  async #pooledSource(
    spec: Spec<SourcePackageOptions>,
  ): Promise<SourcePackage & { component: string; directory: string }> {
    const source = await sourcePackage({ ...spec, package: spec.name }, this.options.digests);
    const directory = this.#directory(spec.component, spec.name);
    const stanza = `${source.stanza}Directory: ${directory}\n`;
    return { ...source, stanza, component: spec.component, directory };
  }

  /** Returns the directory of a source, relative to the repository's base. */
  #directory(component: string, source: string): string {
    if (isFlat(this.name)) return releaseDirectory(this.name).replace(/\/$/, "") || ".";
    const initial = source.startsWith("lib") ? source.slice(0, 4) : source.slice(0, 1);
    return `pool/${component}/${initial}/${source}`;
  }
}

const normalise = (path: string): string => path.replace(/^(?:\.?\/)+/, "");

function removeFrom(specs: { name: string; version: string }[], name: string, version?: string): void {
  const isMeant = (spec: { name: string; version: string }) =>
    spec.name === name && (version === undefined || spec.version === version);
  const kept = specs.filter((spec) => !isMeant(spec));
  if (kept.length === specs.length) throw new Error(`the suite has no ${name} ${version ?? ""}`.trimEnd());
  specs.splice(0, specs.length, ...kept);
}
