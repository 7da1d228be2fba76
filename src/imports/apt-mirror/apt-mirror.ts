import { notMirrored, withoutCredentials } from "../drafts/credentials.ts";
import { groupMirrors, type SelectedSuite } from "../drafts/group-mirrors.ts";
import type { DraftMirror, Imported } from "../drafts/imported.ts";
import type { Place } from "../drafts/place.ts";
import { Remarks } from "../drafts/remarks.ts";
import { commonSettings, meaningOf, type SettingsDraft } from "./apt-mirror-settings.ts";
import { remarkOnSources, withArchitectures } from "./source-lines.ts";

/**
 * Reads mirror.list of apt-mirror 0.5.4. `architecture` is what dpkg says of this machine, which lines without one mean.
 */
export function importAptMirror(text: string, architecture: string): Imported {
  const reader = new Reader(architecture);
  for (const [index, line] of text.split(/\r?\n/).entries()) reader.read(line.trim(), index + 1);
  return reader.result();
}

const sourceLine = /^(deb-src|deb)(?:-([\w-]+))?\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)(?:\s+(.*))?$/;

class Reader {
  readonly #remarks = new Remarks();
  readonly #selected: SelectedSuite[] = [];
  readonly #variables = new Map<string, string>();
  readonly #draft: SettingsDraft = { values: {}, tls: {}, kinds: {} };

  constructor(architecture: string) {
    this.#variables.set("defaultarch", architecture);
  }

  read(text: string, line: number): void {
    if (text === "" || text.startsWith("#")) return;
    const set = /^set\s+(\S+)\s+(?:"([^"]*)"|'([^']*)'|(\S+))/.exec(text);
    if (set !== null) return this.#set(text, { line }, set[1] ?? "", set[2] ?? set[3] ?? set[4] ?? "");
    const source = sourceLine.exec(text);
    if (source !== null) return this.#source(text, { line }, source);
    if (/^(?:skip-)?clean\s+\S/.test(text))
      return this.#remarks.add(
        "changed",
        { line },
        text,
        "not needed: a sync removes what upstream no longer lists",
      );
    this.#remarks.add("dropped", { line }, text, "not understood, as by apt-mirror itself");
  }

  #set(text: string, place: Place, name: string, value: string): void {
    this.#variables.set(name, value);
    if (name === "proxy_password") this.#remarks.addSecret(value);
    const known = meaningOf([name, this.#expanded(value)], [commonSettings], this.#draft);
    const { kind, means } = known ?? {
      kind: "changed",
      means: "a variable, which is replaced where it is used",
    };
    this.#remarks.add(kind, place, text, means);
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
    place: Place,
    [, type = "", arch, options, uri = "", dist = "", rest = ""]: string[],
  ): void {
    const found = withoutCredentials(this.#expanded(uri));
    if (found === undefined) return this.#remarks.add("dropped", place, text, notMirrored);
    if (found.credential !== undefined) this.#remarks.addCredential(found.credential, place);
    const sections = rest
      .replace(/(?:^|\s)#.*/, "") // to apt-mirror these words are sections, which no upstream has
      .split(/\s+/)
      .filter((word) => word !== "");
    const isFlat = sections.length === 0;
    const suite = isFlat && !dist.endsWith("/") ? `${dist}/` : dist;
    const [own, ...others] = [...(options ?? "").matchAll(/arch=([\w,-]+)/g)].flatMap(([, list = ""]) =>
      list.split(",").filter((word) => word !== ""),
    );
    this.#selected.push({
      urls: [found.url],
      suite,
      sections,
      architectures: isFlat || type === "deb-src" ? [] : [own ?? arch ?? this.#expanded("$defaultarch")],
      source: type === "deb-src",
      place,
    });
    this.#remarks.add("imported", place, text, isFlat ? "a flat suite" : `suite ${suite}`);
    if (others.length > 0)
      this.#remarks.add(
        "changed",
        place,
        `arch=${[own, ...others].join(",")}`,
        `apt-mirror reads the first alone, and so does this import: add ${others.join(", ")} to architectures`,
      );
  }

  result(): Imported {
    remarkOnSources(this.#selected, this.#remarks);
    const mirrors = groupMirrors(this.#selected).map((mirror) => this.#complete(mirror));
    if (mirrors.length > 0)
      this.#remarks.add(
        "changed",
        undefined,
        "signatures",
        "apt-mirror checks none; mirrorctl checks all, with apt's own keys unless pgp_key_path names others",
      );
    const { values, tls } = this.#draft;
    const tables = Object.keys(tls).length === 0 ? {} : { tls };
    return { settings: { values, tables }, mirrors, ...this.#remarks.result() };
  }

  #complete(mirror: DraftMirror): DraftMirror {
    const complete = withArchitectures(mirror, this.#expanded("$defaultarch"), this.#remarks);
    return { ...complete, values: { ...complete.values, ...this.#draft.kinds } };
  }
}

/** A variable that contains itself grows at each level. */
const valueMax = 4096;
