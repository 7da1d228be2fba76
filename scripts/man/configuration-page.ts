import { type DescribedTable, describedTables, rulesOfTheFile } from "../described-options.ts";
import type { ManualPage, Section } from "./roff.ts";

/** Returns mirror.toml(5). */
export function configurationPage(example: string, edition: Pick<ManualPage, "date" | "source">): ManualPage {
  return {
    ...edition,
    name: "mirror.toml",
    section: 5,
    description: "configuration of mirrorctl",
    sections: [
      { title: "SYNOPSIS", parts: ["/etc/mirrorctl/mirror.toml", "/etc/mirrorctl/conf.d/*.toml"] },
      {
        title: "DESCRIPTION",
        parts: [
          "Files of TOML. `mirrorctl check config` reports every mistake in them at once, each with its file and line. A key that is not described here is a mistake.",
          rulesOfTheFile,
        ],
      },
      ...describedTables().map(tableSection),
      {
        title: "TABLES OF A MIRROR",
        parts: [
          "The tables [snapshot], [snapshot.prune], [publish], [tls] and [gates] may also be below [mirrors.<id>]. A key that is set there wins over the global one, and the others keep their global values.",
        ],
      },
      { title: "EXAMPLE", parts: [{ lines: example }] },
      { title: "SEE ALSO", parts: ["mirrorctl(1), apt_auth.conf(5)"] },
    ],
  };
}

function tableSection({ header, help, options }: DescribedTable): Section {
  const items = options.map((option) => ({
    label: option.key,
    text: [
      option.help,
      `Value: ${option.type}.`,
      `Default: ${option.default}.`,
      ...(option.env === undefined ? [] : [`Environment: ${option.env}.`]),
    ].join(" "),
  }));
  return { title: header === "" ? "TOP OF THE FILE" : header, parts: [help, items] };
}
