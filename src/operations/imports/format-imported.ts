import { formatTable, type TableDraft } from "../../config/index.ts";
import type { Imported, Remark } from "../../imports/index.ts";
import { importPlaceText } from "../../report/words/import-places.ts";

type DraftMirror = Imported["mirrors"][number];

interface Heading {
  /** Such as "apt-mirror (/etc/apt/mirror.list)". */
  readonly from: string;
  readonly dir: string;
}

/** Writes a configuration of mirrorctl, with what could not be taken over as comments. */
export function formatImported({ settings, mirrors, remarks }: Imported, { from, dir }: Heading): string {
  const dropped = remarks.filter(({ kind }) => kind === "dropped");
  const top: TableDraft = {
    name: undefined,
    about: [
      `Imported from ${from}. docs/configuration.md describes every key.`,
      ...(dropped.length === 0 ? [] : ["", "There is nothing like this here:", ...dropped.map(remarkLine)]),
    ],
    values: { dir, ...settings.values },
  };
  return [top, ...named(settings.tables, ""), ...mirrors.flatMap(tablesOf)].map(formatTable).join("\n");
}

function tablesOf({ id, values, tables, ...mirror }: DraftMirror): readonly TableDraft[] {
  const { urls, suites, sections, architectures, source } = mirror;
  const [url = ""] = urls;
  const own: TableDraft = {
    name: `mirrors.${id}`,
    values: {
      url: urls.length === 1 ? url : urls,
      suites,
      ...(sections.length === 0 ? {} : { sections }),
      ...(architectures.length === 0 ? {} : { architectures }),
      ...(source ? { mirror_source: true } : {}),
      ...values,
    },
  };
  return [own, ...named(tables, `mirrors.${id}.`)];
}

const named = (tables: Imported["settings"]["tables"], prefix: string): readonly TableDraft[] =>
  Object.entries(tables).map(([name, values]) => ({ name: `${prefix}${name}`, values }));

const remarkLine = ({ place, said, means }: Remark): string => `- ${importPlaceText(place)}${said}: ${means}`;
