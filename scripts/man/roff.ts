/** Makes text of man(7), the macros of manual pages, from the words of help texts. */

/** A paragraph with a hanging label, as options have. */
export interface Item {
  readonly label: string;
  readonly text: string;
}

export interface Section {
  readonly title: string;
  readonly parts: readonly (string | readonly Item[] | Example)[];
}

/** Lines that are shown as they are. */
export interface Example {
  readonly lines: string;
}

export interface ManualPage {
  readonly name: string;
  /** 1: commands; 5: file formats. See man-pages(7). */
  readonly section: 1 | 5;
  /** One line, for NAME and apropos(1). */
  readonly description: string;
  readonly date: string;
  readonly source: string;
  readonly sections: readonly Section[];
}

export function renderPage(page: ManualPage): string {
  const { name, section, date, source } = page;
  const manual = section === 1 ? "User Commands" : "File Formats";
  return `${[
    `.TH ${[name.toUpperCase(), String(section), date, source, manual].map(quoted).join(" ")}`,
    ".ad l", // words that cannot be broken, such as paths, would leave wide gaps
    ".nh",
    ".SH NAME",
    `${plain(name)} \\- ${plain(page.description)}`,
    ...page.sections.flatMap(renderSection),
  ].join("\n")}\n`;
}

function renderSection({ title, parts }: Section): readonly string[] {
  return [`.SH ${quoted(title)}`, ...parts.flatMap((part, index) => renderPart(part, index === 0))];
}

function renderPart(part: Section["parts"][number], isFirst: boolean): readonly string[] {
  if (typeof part === "string") return [...(isFirst ? [] : [".PP"]), text(part)];
  if ("lines" in part) return [".PP", ".in +4n", ".nf", plain(part.lines.trimEnd()), ".fi", ".in"];
  return part.flatMap(({ label, text: meaning }) => [".TP", `\\fB${plain(label)}\\fR`, text(meaning)]);
}

/** Shows what is between backquotes in bold, and the text of a Markdown link without its address. */
const text = (markdown: string): string =>
  markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .split("`")
    .map((part, index) => (index % 2 === 0 ? plain(part) : `\\fB${plain(part)}\\fR`))
    .join("")
    .replace(/\n+/g, "\n");

/** Escapes what groff would interpret: groff_char(7), and a full stop or an apostrophe at the start of a line. */
const plain = (words: string): string =>
  words
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replaceAll("`", "\\(ga")
    .replaceAll("…", "...")
    .replace(/^[.']/gm, "\\&$&");

/** An argument of a macro. */
const quoted = (argument: string): string => `"${plain(argument).replaceAll('"', "\\(dq")}"`;
