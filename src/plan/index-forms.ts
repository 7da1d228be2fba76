import type { Compression, ListedEntry, MalformedEntry, Release } from "../repository/index.ts";
import type { ListedForm } from "./selection.ts";

/** The forms in which Release lists one file. */
export interface IndexForms {
  readonly plain: ListedEntry | undefined;
  readonly compressed: readonly ListedForm[];
  /** Forms that are listed in a way that nothing can be checked by. */
  readonly malformed: readonly MalformedEntry[];
}

/** Gathers the entries of a Release by the name of their uncompressed form, in the order of Release. */
export function groupForms({
  files,
  malformed,
}: Pick<Release, "files" | "malformed">): ReadonlyMap<string, IndexForms> {
  const groups = new Map<
    string,
    { readonly compressed: ListedForm[]; readonly malformed: MalformedEntry[] }
  >();
  const groupOf = (plainName: string) => {
    const group = groups.get(plainName) ?? { compressed: [], malformed: [] };
    groups.set(plainName, group);
    return group;
  };
  for (const [name, entry] of files) {
    const { plainName, compression } = splitName(name);
    groupOf(plainName).compressed.push({ compression, entry });
  }
  for (const [name, entry] of malformed) groupOf(splitName(name).plainName).malformed.push(entry);
  return new Map(
    [...groups].map(([name, group]) => [
      name,
      { ...sortForms(group.compressed), malformed: group.malformed },
    ]),
  );
}

/** Fastest decoding first. */
const compressions = ["zst", "gz", "xz", "bz2", "lzma", "lz4"] as const satisfies readonly Compression[];

function splitName(name: string): { plainName: string; compression: Compression } {
  const compression = compressions.find((suffix) => name.endsWith(`.${suffix}`));
  if (compression === undefined) return { plainName: name, compression: "plain" };
  return { plainName: name.slice(0, -compression.length - 1), compression };
}

function sortForms(forms: readonly ListedForm[]): Pick<IndexForms, "plain" | "compressed"> {
  return {
    plain: forms.find((form) => form.compression === "plain")?.entry,
    compressed: compressions.flatMap((compression) =>
      forms.filter((form) => form.compression === compression),
    ),
  };
}
