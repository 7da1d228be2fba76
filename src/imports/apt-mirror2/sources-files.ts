import type { Place } from "../drafts/place.ts";
import type { Remarks } from "../drafts/remarks.ts";
import { readStanzas, type Stanza } from "../drafts/stanzas.ts";
import type { NamedText } from "../named-text.ts";
import { type ListedSource, type RepositoryOption, repositoryName } from "./listed.ts";
import { isRepositoryOption } from "./repository.ts";

/** What a stanza says. */
export interface SourcesStanza {
  readonly source: ListedSource;
  readonly options: readonly RepositoryOption[];
}

/** Reads the `.sources` files of apt-mirror2. Of several URIs it reads the first. */
export function readSourcesFiles(
  files: readonly NamedText[],
  architecture: string,
  remarks: Remarks,
): readonly SourcesStanza[] {
  return files.flatMap(({ name, text }) => {
    const { stanzas, bad } = readStanzas(text);
    for (const { line, text: said } of bad)
      remarks.add("dropped", { file: name, line }, said, "not a field, nor a part of one");
    return stanzas.flatMap((stanza) => read(stanza, name, architecture, remarks));
  });
}

const isYes = (text: string): boolean => /^(?:1|true|yes)$/i.test(text);

function read(
  stanza: Stanza,
  file: string,
  architecture: string,
  remarks: Remarks,
): readonly SourcesStanza[] {
  const place = { file, line: stanza.line };
  const [url, ...others] = stanza.words("URIs");
  const said = `stanza of ${url ?? "no URIs"}`;
  if (stanza.field("Enabled") !== undefined && !isYes(stanza.text("Enabled"))) {
    remarks.add("changed", place, said, "left out: it is not enabled");
    return [];
  }
  const types = stanza.words("Types");
  const isBinary = types.includes("deb");
  const isSource = types.includes("deb-src");
  const suites = stanza.words("Suites");
  if (url === undefined || suites.length === 0 || !(isBinary || isSource)) {
    remarks.add("dropped", place, said, "it has no Types, URIs or Suites");
    return [];
  }
  const second = stanza.field("URIs");
  if (others.length > 0 && second !== undefined) {
    const means = "apt-mirror2 reads the first URI alone, and so does this import";
    remarks.add("changed", { file, line: second.line }, `URIs: ${stanza.text("URIs")}`, means);
  }
  const own = stanza.words("Architectures");
  return [
    {
      source: {
        url,
        suites,
        sections: stanza.words("Components"),
        architectures: own.length > 0 ? own : isBinary ? [architecture] : [],
        isSource,
        signedBy: signedBy(stanza, place, remarks),
        place,
        said,
      },
      options: optionsOf(stanza, url, file, remarks),
    },
  ];
}

function signedBy(stanza: Stanza, { file }: { readonly file: string }, remarks: Remarks): readonly string[] {
  const field = stanza.field("Signed-By");
  if (field === undefined) return [];
  const words = stanza.words("Signed-By");
  if (words.every((word) => word.startsWith("/"))) return words;
  const means = "not names of files: write the key into a file, and name it in pgp_key_path";
  remarks.add("dropped", { file, line: field.line }, `Signed-By: ${stanza.text("Signed-By")}`, means);
  return [];
}

const sourceFields = new Set("types uris suites components architectures enabled signed-by".split(" "));
/** Names of lines with a dash; all others have underscores. */
const dashed = new Set(["http2-disable", "skip-clean", "by-hash"]);

function optionsOf(stanza: Stanza, url: string, file: string, remarks: Remarks): readonly RepositoryOption[] {
  return [...stanza.fields].flatMap(([key, field]): readonly RepositoryOption[] => {
    if (sourceFields.has(key)) return [];
    const name = dashed.has(key) ? key : key.replaceAll("-", "_");
    const place: Place = { file, line: field.line };
    const said = `${field.name}: ${stanza.text(key)}`;
    if (isRepositoryOption(name))
      return [{ repository: repositoryName(url), name, values: stanza.words(key), place, said }];
    remarks.add("changed", place, said, "apt-mirror2 does not read it, and neither is it imported");
    return [];
  });
}
