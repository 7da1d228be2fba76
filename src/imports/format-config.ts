import type { DraftMirror, Imported, Remark } from "./imported.ts";

interface Heading {
  /** Such as "apt-mirror (/etc/apt/mirror.list)". */
  readonly from: string;
  readonly dir: string;
}

/** Writes a configuration of mirrorctl, with what could not be taken over as comments. */
export function formatConfig({ settings, mirrors, remarks }: Imported, { from, dir }: Heading): string {
  const dropped = remarks.filter(({ kind }) => kind === "dropped");
  const sections = [
    [`# Imported from ${comment(from)}. docs/configuration.md describes every key.`],
    [
      pair("dir", dir),
      ...(settings.maxConns === undefined ? [] : [pair("max_conns", settings.maxConns)]),
      ...(dropped.length === 0
        ? []
        : ["", "# There is nothing like this here:", ...dropped.map(remarkComment)]),
    ],
    ...(settings.insecureSkipVerify === true ? [["[tls]", pair("insecure_skip_verify", true)]] : []),
    ...mirrors.map(mirrorLines),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function mirrorLines(mirror: DraftMirror): readonly string[] {
  const { id, url, suites, sections, architectures, source, pgpKeyPaths = [], noPgpCheck, kinds } = mirror;
  const { excludePatterns = [] } = mirror;
  return [
    `[mirrors.${id}]`,
    pair("url", url),
    pair("suites", suites),
    ...(sections.length === 0 ? [] : [pair("sections", sections)]),
    ...(architectures.length === 0 ? [] : [pair("architectures", architectures)]),
    ...(source ? [pair("mirror_source", true)] : []),
    ...(pgpKeyPaths.length === 0 ? [] : [pair("pgp_key_path", pgpKeyPaths)]),
    ...(noPgpCheck === true ? [pair("no_pgp_check", true)] : []),
    ...Object.entries(kinds ?? {}).map(([key, value]) => pair(key, value)),
    ...(excludePatterns.length === 0
      ? []
      : ["", `[mirrors.${id}.filters]`, pair("exclude_patterns", excludePatterns)]),
  ];
}

type Value = string | number | boolean | readonly string[];

const pair = (key: string, value: Value): string => `${key} = ${valueText(value)}`;

const valueText = (value: Value): string => {
  if (typeof value === "object") return `[${value.map(textOf).join(", ")}]`;
  return typeof value === "string" ? textOf(value) : String(value);
};

/** The escapes of JSON are those of TOML, which also wants DEL and lone surrogates escaped or gone. */
const textOf = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replaceAll("\u007F", String.raw`\u007F`);

const remarkComment = ({ line, said, means }: Remark): string =>
  `# - ${line === undefined ? "" : `line ${line}: `}${comment(said)}: ${comment(means)}`;

/** A comment ends with its line, and has no control characters. */
const comment = (text: string): string => text.toWellFormed().replaceAll(/\p{Cc}+/gu, " ");
