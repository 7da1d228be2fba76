import { aptMirrorSetting, type SettingsDraft } from "./apt-mirror-settings.ts";
import { groupMirrors, type SelectedSuite, withoutCredentials } from "./group-mirrors.ts";
import { type DraftMirror, type Imported, Remarks } from "./imported.ts";

/**
 * Reads mirror.list of apt-mirror 0.5.4. `architecture` is what dpkg says of this machine, which lines without one mean.
 */
export function importAptMirror(text: string, architecture: string): Imported {
  const reader = new Reader(architecture);
  for (const [index, line] of text.split(/\r?\n/).entries()) reader.read(line.trim(), index + 1);
  return reader.result();
}

const sourceLine = /^(deb-src|deb)(?:-([A-Za-z0-9]+))?\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)(?:\s+(.*))?$/;

class Reader {
  readonly #remarks = new Remarks();
  readonly #selected: SelectedSuite[] = [];
  readonly #variables = new Map<string, string>();
  readonly #draft: SettingsDraft = { kinds: {} };

  constructor(architecture: string) {
    this.#variables.set("defaultarch", architecture);
  }

  read(text: string, line: number): void {
    if (text === "" || text.startsWith("#")) return;
    const set = /^set\s+(\S+)\s+(?:"([^"]*)"|'([^']*)'|(\S.*))$/.exec(text);
    if (set !== null) return this.#set(text, line, set[1] ?? "", set[2] ?? set[3] ?? set[4] ?? "");
    const source = sourceLine.exec(text);
    if (source !== null) return this.#source(text, line, source);
    if (/^(?:skip-)?clean\s+\S/.test(text))
      return this.#remarks.add(
        "changed",
        line,
        text,
        "not needed: a sync removes what upstream no longer lists",
      );
    this.#remarks.add("dropped", line, text, "not understood, as by apt-mirror itself");
  }

  #set(text: string, line: number, name: string, value: string): void {
    this.#variables.set(name, value);
    const { kind, means } = aptMirrorSetting(name, this.#expanded(value), this.#draft);
    this.#remarks.add(kind, line, text, means);
  }

  /** Replaces $name, at most as deep as apt-mirror does. */
  #expanded(value: string): string {
    let text = value;
    for (let level = 0; level < 16 && text.length <= valueMax && text.includes("$"); level++)
      text = text.replaceAll(/\$(\w+)/g, (whole, name: string) => this.#variables.get(name) ?? whole);
    return text.slice(0, valueMax);
  }

  #source(
    text: string,
    line: number,
    [, type = "", arch, options, uri = "", dist = "", rest = ""]: string[],
  ): void {
    const found = withoutCredentials(this.#expanded(uri));
    if (found === undefined)
      return this.#remarks.add("dropped", line, text, "only http and https upstreams can be mirrored");
    if (found.credential !== undefined) this.#remarks.addCredential(found.credential, line);
    const sections = rest
      .replace(/(?:^|\s)#.*/, "") // to apt-mirror these words are sections, which no upstream has
      .split(/\s+/)
      .filter((word) => word !== "");
    const isFlat = sections.length === 0;
    const suite = isFlat && !dist.endsWith("/") ? `${dist}/` : dist;
    const own = [...(options ?? "").matchAll(/(?:^|\s)arch=(\S+)/g)].at(-1)?.[1]?.split(",") ?? [];
    const architectures = arch === undefined ? own : [arch];
    const known = architectures.length > 0 ? architectures : [this.#expanded("$defaultarch")];
    const selected = {
      url: found.url,
      suite,
      sections,
      architectures: isFlat || type === "deb-src" ? [] : known,
      source: type === "deb-src",
      line,
    };
    this.#selected.push(selected);
    this.#remarks.add("imported", line, text, isFlat ? "a flat suite" : `suite ${suite}`);
  }

  /** A mirror has one list of sections for both. */
  #compareSources(): void {
    for (const lines of Map.groupBy(this.#selected, ({ url, suite }) => `${url} ${suite}`).values()) {
      const [sources, binaries] = [
        lines.filter(({ source }) => source),
        lines.filter(({ source }) => !source),
      ];
      const [first] = sources;
      if (first === undefined || binaries.length === 0 || sectionsOf(sources) === sectionsOf(binaries))
        continue;
      const means = `sources and binary packages of the same sections: ${sectionsOf(lines)}`;
      this.#remarks.add("changed", first.line, `deb-src of ${first.suite}: ${sectionsOf(sources)}`, means);
    }
  }

  result(): Imported {
    this.#compareSources();
    const mirrors = groupMirrors(this.#selected).map((mirror) => this.#complete(mirror));
    if (mirrors.length > 0)
      this.#remarks.add(
        "changed",
        undefined,
        "signatures",
        "apt-mirror checks none; mirrorctl checks all, with apt's own keys unless pgp_key_path names others",
      );
    const { maxConns, insecureSkipVerify } = this.#draft;
    return {
      settings: { maxConns, insecureSkipVerify },
      mirrors,
      ...this.#remarks.result(),
    };
  }

  #complete(mirror: DraftMirror): DraftMirror {
    const kinds = Object.keys(this.#draft.kinds).length === 0 ? undefined : this.#draft.kinds;
    if (mirror.architectures.length > 0 || mirror.sections.length === 0) return { ...mirror, kinds };
    const architecture = this.#expanded("$defaultarch");
    this.#remarks.add(
      "changed",
      mirror.lines[0],
      `deb-src of ${mirror.suites.join(", ")} alone`,
      `binary packages are always mirrored too: those of ${architecture}`,
    );
    return { ...mirror, architectures: [architecture], kinds };
  }
}

/** A variable that contains itself grows at each level. */
const valueMax = 4096;

const sectionsOf = (some: readonly SelectedSuite[]): string =>
  [...new Set(some.flatMap(({ sections }) => sections))].toSorted().join(" ");
