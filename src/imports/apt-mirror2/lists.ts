import type { Place } from "../drafts/place.ts";
import type { Remarks } from "../drafts/remarks.ts";
import { wordsOf } from "../drafts/stanzas.ts";
import type { NamedText } from "../named-text.ts";
import { type ListedSource, type RepositoryOption, repositoryName } from "./listed.ts";
import { isRepositoryOption } from "./repository.ts";

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
  readonly said: string;
}

/** What the lines of mirror.list say. */
export interface Lists {
  readonly settings: readonly Setting[];
  readonly sources: readonly ListedSource[];
  readonly options: readonly RepositoryOption[];
  readonly defaultArchitecture: string;
}

/** Reads mirror.list and the files of its folder. A line without an architecture means what was set before it. */
export function readLists(files: readonly NamedText[], architecture: string, remarks: Remarks): Lists {
  const reader = new Reader(architecture, remarks);
  for (const { name, text } of files) {
    for (const [index, line] of text.split(/\r?\n/).entries())
      reader.read(line.trim(), files.length === 1 ? { line: index + 1 } : { file: name, line: index + 1 });
  }
  return reader.lists();
}

class Reader {
  readonly #remarks: Remarks;
  readonly #settings: Setting[] = [];
  readonly #sources: ListedSource[] = [];
  readonly #options: RepositoryOption[] = [];
  readonly #variables = new Map([
    ["base_path", "/var/spool/apt-mirror"],
    ["mirror_path", "$base_path/mirror"],
    ["skel_path", "$base_path/skel"],
    ["var_path", "$base_path/var"],
  ]);
  #architecture: string;

  constructor(architecture: string, remarks: Remarks) {
    this.#architecture = architecture;
    this.#remarks = remarks;
  }

  read(said: string, place: Place): void {
    if (said === "" || said.startsWith("#") || said.startsWith(";")) return;
    const [command = "", ...words] = wordsOf(said);
    const [first = "", ...values] = words;
    if (command === "set" && values.length > 0) {
      const value = /^set\s+\S+\s+(.*)$/s.exec(said)?.[1] ?? "";
      this.#variables.set(first, value);
      this.#settings.push({ name: first, value, place, said });
      if (first === "defaultarch") this.#architecture = value;
    } else if (command.startsWith("deb")) this.#source(said, place);
    else if (isRepositoryOption(command) && first !== "")
      this.#options.push({ repository: repositoryName(first), name: command, values, place, said });
    else this.#remarks.add("dropped", place, said, "not understood, as by apt-mirror2 itself");
  }

  /** Options without meaning for apt-mirror2, such as arch+=, are not read by it. */
  #source(said: string, place: Place): void {
    const [, type = "", optionText = "", url, suites = "", components = ""] =
      /^(deb\S*)\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)(?:\s+(.*))?$/s.exec(said) ?? [];
    if (url === undefined)
      return this.#remarks.add("dropped", place, said, "not understood, as by apt-mirror2 itself");
    const options = wordsOf(optionText).map((word) => /^([^=]*)=(.*)$/s.exec(word)?.slice(1) ?? [word, ""]);
    const valuesOf = (name: string): readonly string[] =>
      options.filter(([key]) => key === name).flatMap(([, value = ""]) => value.split(","));
    const own = /^deb-(.+)$/.exec(type)?.[1] ?? [];
    const named = [own, valuesOf("arch")].flat().filter((word) => word !== "");
    const architectures = [...new Set(named)].filter((word) => word !== "src");
    this.#sources.push({
      url,
      suites: suites.split(",").filter((suite) => suite !== ""),
      sections: wordsOf(components),
      architectures: named.length > 0 ? architectures : [this.#architecture],
      isSource: named.includes("src"),
      signedBy: valuesOf("signed-by").filter((word) => word !== ""),
      place,
      said,
    });
    const others = options.map(([key = ""]) => key).filter((key) => !known.has(key));
    if (others.length > 0)
      this.#remarks.add(
        "changed",
        place,
        said,
        `apt-mirror2 does not read ${others.join(", ")}, and neither is it imported`,
      );
  }

  lists(): Lists {
    return {
      settings: this.#settings.map((setting) => ({ ...setting, value: this.#expanded(setting.value) })),
      sources: this.#sources,
      options: this.#options,
      defaultArchitecture: this.#architecture,
    };
  }

  /** Replaces $name and ${name}, at most as deep as apt-mirror2 does. */
  #expanded(value: string): string {
    let text = value;
    for (let level = 0; level < 16 && text.length <= valueMax && text.includes("$"); level++)
      text = text.replaceAll(
        /\$(?:(\w+)|\{(\w+)\})/g,
        (whole, name?: string, braced?: string) => this.#variables.get(name ?? braced ?? "") ?? whole,
      );
    return text.slice(0, valueMax);
  }
}

const known = new Set(["arch", "by-hash", "signed-by"]);

/** A variable that contains itself grows at each level. */
const valueMax = 4096;
