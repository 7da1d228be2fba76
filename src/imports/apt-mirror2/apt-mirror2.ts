import { meaningOf, type SettingsDraft } from "../apt-mirror/apt-mirror-settings.ts";
import { remarkOnSources, withArchitectures } from "../apt-mirror/source-lines.ts";
import { withoutCredentials } from "../drafts/credentials.ts";
import { groupMirrors, type SelectedSuite } from "../drafts/group-mirrors.ts";
import type { Imported, Values } from "../drafts/imported.ts";
import { Remarks } from "../drafts/remarks.ts";
import type { NamedText } from "../named-text.ts";
import { type ListedSource, type RepositoryOption, repositoryName } from "./listed.ts";
import { readLists } from "./lists.ts";
import { tablesOf } from "./repository.ts";
import { settings2 } from "./settings.ts";
import { readSourcesFiles } from "./sources-files.ts";

/** The files of apt-mirror2 16: mirror.list with the `.list` files of its folder mirror.list.d, and the `.sources` there. */
export interface AptMirror2Files {
  readonly lists: readonly NamedText[];
  readonly sources: readonly NamedText[];
}

/** Reads a configuration of apt-mirror2. `architecture` is what dpkg says of this machine. */
export function importAptMirror2({ lists, sources }: AptMirror2Files, architecture: string): Imported {
  const remarks = new Remarks();
  const draft: SettingsDraft = { values: {}, tls: {}, kinds: {} };
  const listed = readLists(lists, architecture, remarks);
  for (const { name, value, place, said } of listed.settings) {
    if (name === "proxy_password") remarks.addSecret(value);
    const meaning = meaningOf([name, value], [settings2], draft);
    const { kind, means } = meaning ?? {
      kind: "changed" as const,
      means: "a variable, or nothing that apt-mirror2 reads",
    };
    remarks.add(kind, place, said, means);
  }
  const stanzas = readSourcesFiles(sources, listed.defaultArchitecture, remarks);
  const suites = [...listed.sources, ...stanzas.map(({ source }) => source)].flatMap((one) =>
    selectedOf(one, remarks),
  );
  const options = [...listed.options, ...stanzas.flatMap((one) => one.options)];
  const optionsOf = Map.groupBy(options, ({ repository }) => repository);
  const all = [...Map.groupBy(suites, nameOf)].flatMap(([repository, own]) => {
    const its = optionsOf.get(repository) ?? [];
    const tables = tablesOf(
      its,
      own.some(({ source }) => source),
      remarks,
    );
    return withOneKey(own).map((suite): SelectedSuite => ({ ...suite, tables }));
  });
  remarkOnMissing(options, suites, remarks);
  remarkOnSources(all, remarks);
  const kinds: Values = draft.kinds;
  const mirrors = groupMirrors(all)
    .map((mirror) => withArchitectures(mirror, listed.defaultArchitecture, remarks))
    .map((mirror) => ({ ...mirror, values: { ...mirror.values, ...kinds } }));
  if (mirrors.length > 0 && !listed.settings.some(({ name }) => name === "gpg_verify"))
    remarks.add(
      "changed",
      undefined,
      "signatures",
      "without gpg_verify, apt-mirror2 checks none; mirrorctl checks all, with apt's own keys unless pgp_key_path names others",
    );
  const { values, tls } = draft;
  return {
    settings: { values, tables: Object.keys(tls).length === 0 ? {} : { tls } },
    mirrors,
    ...remarks.result(),
  };
}

const nameOf = ({ urls: [url = ""] }: SelectedSuite): string => repositoryName(url);

function selectedOf(source: ListedSource, remarks: Remarks): readonly SelectedSuite[] {
  const { url, suites, sections, place, said, signedBy, isSource } = source;
  const found = url.includes("$") ? undefined : withoutCredentials(url);
  if (found === undefined) {
    remarks.add(
      "dropped",
      place,
      said,
      "only http and https upstreams can be mirrored, and no variables are replaced here",
    );
    return [];
  }
  if (found.credential !== undefined) remarks.addCredential(found.credential, place);
  remarks.add("imported", place, said, `suites ${suites.join(", ")} of ${found.url}`);
  const values: Values = signedBy.length === 0 ? {} : { pgp_key_path: signedBy };
  return suites.map((suite) => ({
    urls: [found.url],
    suite,
    sections: suite.endsWith("/") ? [] : sections,
    architectures: suite.endsWith("/") ? [] : source.architectures,
    source: isSource,
    place,
    values,
  }));
}

/** To apt-mirror2, a suite has the keys of the first of its lines that names some. */
function withOneKey(suites: readonly SelectedSuite[]): readonly SelectedSuite[] {
  const keys = new Map<string, Values>();
  for (const { suite, values = {} } of suites)
    if (Object.keys(values).length > 0) keys.getOrInsert(suite, values);
  return suites.map((one) => ({ ...one, values: keys.get(one.suite) ?? {} }));
}

function remarkOnMissing(
  options: readonly RepositoryOption[],
  suites: readonly SelectedSuite[],
  remarks: Remarks,
): void {
  const names = new Set(suites.map(nameOf));
  for (const { repository, place, said } of options)
    if (!names.has(repository))
      remarks.add("changed", place, said, "there is no such repository: apt-mirror2 warns of it");
}
