import type { ListedEntry } from "../repository/index.ts";
import type { Compression, ListedForm } from "./selection.ts";

/** The forms in which Release lists one file. */
export interface IndexForms {
  readonly plain: ListedEntry | undefined;
  readonly compressed: readonly ListedForm[];
}

/** Gathers the entries of a Release by the name of their uncompressed form, in the order of Release. */
export function groupForms(files: ReadonlyMap<string, ListedEntry>): ReadonlyMap<string, IndexForms> {
  const groups = new Map<string, ListedForm[]>();
  for (const [name, entry] of files) {
    const { plainName, compression } = splitName(name);
    const forms = groups.get(plainName) ?? [];
    forms.push({ compression, entry });
    groups.set(plainName, forms);
  }
  return new Map([...groups].map(([name, forms]) => [name, sortForms(forms)]));
}

/** Fastest decoding first. */
const compressions = ["zst", "gz", "xz", "bz2", "lzma", "lz4"] as const satisfies readonly Compression[];

function splitName(name: string): { plainName: string; compression: Compression } {
  const compression = compressions.find((suffix) => name.endsWith(`.${suffix}`));
  if (compression === undefined) return { plainName: name, compression: "plain" };
  return { plainName: name.slice(0, -compression.length - 1), compression };
}

function sortForms(forms: readonly ListedForm[]): IndexForms {
  return {
    plain: forms.find((form) => form.compression === "plain")?.entry,
    compressed: compressions.flatMap((compression) =>
      forms.filter((form) => form.compression === compression),
    ),
  };
}
