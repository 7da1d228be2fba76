import { notMirrored, withoutCredentials } from "../drafts/credentials.ts";
import type { DraftMirror, Imported, Value, Values } from "../drafts/imported.ts";
import { freeId, type TakenIds } from "../drafts/mirror-ids.ts";
import type { Place } from "../drafts/place.ts";
import { Remarks } from "../drafts/remarks.ts";
import { globalKeys, type KnownKeys, mirrorKeys } from "./known-keys.ts";

type Path = readonly string[];
type Table = Readonly<Record<string, unknown>>;

/** A configuration of the mirrorctl that is written in Go, after its TOML was parsed. */
export interface GoConfig {
  readonly values: Table;
  readonly lineOf: (path: Path) => number | undefined;
  /** The folder of the file, for relative names in it. */
  readonly folder: string;
}

/** Takes over what means the same here, and says what does not. */
export const importMirrorctlGo = (config: GoConfig): Imported => new Reader(config).read();

/** Of later and of earlier versions. */
const mirrorTables = ["mirrors", "mirror"];
const selection = new Set(["url", "suites", "sections", "architectures", "mirror_source"]);

class Reader {
  readonly #config: GoConfig;
  readonly #remarks = new Remarks();
  readonly #ids: TakenIds = new Map();

  constructor(config: GoConfig) {
    this.#config = config;
  }

  read(): Imported {
    const { values: all } = this.#config;
    const settings = this.#keys(without(all, new Set(mirrorTables)), [], globalKeys);
    const mirrors = mirrorTables.flatMap((name) =>
      Object.entries(tableOf(all[name])).flatMap(([id, value]) => this.#mirror(tableOf(value), name, id)),
    );
    return { settings, mirrors, ...this.#remarks.result() };
  }

  #mirror(table: Table, tables: string, name: string): readonly DraftMirror[] {
    const path = [tables, name];
    const urls = this.#urls(table["url"], [...path, "url"]);
    if (urls.length === 0) {
      this.#remarks.add("dropped", this.#place(path), `mirror ${name}`, "it has no url");
      return [];
    }
    const id = freeId(name, this.#ids);
    const kind = id === name ? "imported" : "changed";
    this.#remarks.add(kind, this.#place(path), `mirror ${name}`, `[mirrors.${id}], of ${urls.join(", ")}`);
    const keys = this.#keys(without(table, selection), path, mirrorKeys);
    if (keys.values["pgp_key_path"] === undefined && keys.values["no_pgp_check"] !== true) {
      const means = "without one, apt's own keys are trusted";
      this.#remarks.add("changed", this.#place(path), `no pgp_key_path in ${name}`, means);
    }
    return [
      {
        id,
        urls,
        suites: textsOf(table["suites"]),
        sections: textsOf(table["sections"]),
        architectures: textsOf(table["architectures"]),
        source: table["mirror_source"] === true,
        ...keys,
        places: [this.#place(path) ?? []].flat(),
      },
    ];
  }

  #urls(value: unknown, path: Path): readonly string[] {
    return textsOf(value).flatMap((text) => {
      const found = withoutCredentials(text);
      if (found?.credential !== undefined) this.#remarks.addCredential(found.credential, this.#place(path));
      if (found !== undefined) return [found.url];
      this.#remarks.add("dropped", this.#place(path), text, notMirrored);
      return [];
    });
  }

  /** Takes the known keys of a table, and those of the known tables below it. */
  #keys(table: Table, path: Path, known: KnownKeys): Pick<DraftMirror, "values" | "tables"> {
    const tables: Record<string, Values> = {};
    const visit = (own: Table, below: Path): void => {
      const values: Record<string, Value> = {};
      const name = below.join(".");
      tables[name] = values; // also without a key: a mirror with [snapshot] makes snapshots
      for (const [key, value] of Object.entries(own)) {
        const inner = [...below, key];
        if (Object.hasOwn(known, inner.join("."))) visit(tableOf(value), inner);
        else Object.assign(values, this.#taken([...path, ...inner], value, known[name] ?? {}));
      }
    };
    visit(table, []);
    const { "": values = {}, ...others } = tables;
    return { values, tables: others };
  }

  #taken(path: Path, value: unknown, known: KnownKeys[string]): Values {
    const key = path.at(-1) ?? "";
    const take = Object.hasOwn(known, key) ? known[key] : undefined;
    const said = `${path.join(".")} = ${JSON.stringify(value)}`;
    if (take === undefined) {
      this.#remarks.add("dropped", this.#place(path), said, "there is no such key here");
      return {};
    }
    const taken = take(value, this.#config.folder);
    this.#remarks.add(taken.kind, this.#place(path), said, taken.means);
    return taken.value === undefined ? {} : { [key]: taken.value };
  }

  #place(path: Path): Place | undefined {
    const line = this.#config.lineOf(path);
    return line === undefined ? undefined : { line };
  }
}

const without = (table: Table, keys: ReadonlySet<string>): Table =>
  Object.fromEntries(Object.entries(table).filter(([key]) => !keys.has(key)));

const tableOf = (value: unknown): Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

const textsOf = (value: unknown): readonly string[] =>
  [value].flat().filter((one): one is string => typeof one === "string");
