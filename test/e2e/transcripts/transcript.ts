/**
 * Pages of docs/ whose commands are run. In a block of `console`, a line such as `$ mirrorctl sync` or `web-1$ apt-get
 * update` is a command on the mirror host or on a machine, and the lines below it are its output. Comments of the page
 * that no reader sees say what happens between: `<!-- clock: TIME -->`, `<!-- upstream: SCENE -->`, and what the next block
 * is: `<!-- file: PATH -->`, `<!-- sources: MACHINE -->`.
 */
export interface Stage {
  /** Returns what the command prints. */
  run(machine: string | undefined, command: string): Promise<string>;
  /** Does what a comment of the page says. `block` is the text of the block below it, if there is one. */
  direct(name: string, value: string, block?: string): Promise<void>;
}

/** Performs a page. Returns it with what the commands printed where that is not what the page shows. */
export async function perform(page: string, stage: Stage): Promise<string> {
  let performed = "";
  let rest = page;
  for (let found = part.exec(rest); found !== null; found = part.exec(rest)) {
    performed += rest.slice(0, found.index);
    rest = rest.slice(found.index + found[0].length);
    const { name, value = "", kind, place = "", block, console } = found.groups ?? {};
    if (name !== undefined) await stage.direct(name, value);
    if (kind !== undefined) await stage.direct(kind, place, block);
    performed += console === undefined ? found[0] : await performBlock(console, stage);
  }
  return performed + rest;
}

const part = new RegExp(
  [
    String.raw`^<!-- (?<name>clock|upstream): (?<value>\S+) -->$`,
    String.raw`^<!-- (?<kind>file|sources): (?<place>\S+) -->\n` + "```\\w+\\n(?<block>[\\s\\S]*?)^```$",
    "(?<=^```console\\n)(?<console>[\\s\\S]*?)(?=^```$)",
  ].join("|"),
  "m",
);

async function performBlock(block: string, stage: Stage): Promise<string> {
  let performed = "";
  for (const [, prompt = "", machine, command = "", shown = ""] of block.matchAll(step)) {
    const printed = await stage.run(machine, command);
    performed += `${prompt}${command}\n${isShown(printed, shown) ? shown : printed}`;
  }
  return performed;
}

const step = /^((?:([\w-]+))?\$ )(.*)\n((?:(?![\w-]*\$ ).*\n)*)/gm;

/** A line `...` of the page is any number of lines, and ` ...` at the end of a line its rest. */
function isShown(printed: string, shown: string): boolean {
  const pattern = normalised(shown)
    .split("\n")
    .map((line) => (line.trim() === "..." ? "(?:.*\\n)*?" : patternOf(line)))
    .join("");
  return new RegExp(`^${pattern}$`).test(`${normalised(printed)}\n`);
}

const patternOf = (line: string): string => {
  const start = line.replace(/ \.\.\.$/, "");
  return `${RegExp.escape(start)}${start === line ? "" : ".*"}\\n`;
};

/** Sizes, durations and the widths of columns depend on the machine. */
const normalised = (text: string): string =>
  text
    .replaceAll(/\b\d+(?:\.\d+)? (?:B|[kMGT]B)\b/g, "SIZE")
    .replaceAll(/=\d{7,}B\b/g, "=SIZE")
    .replaceAll(/\b\d{4,} inodes\b/g, "INODES")
    .replaceAll(/\b\d+\.\d s\b|\b\d+[smhd](?: \d+[smhd])*\b/g, "DURATION")
    .replaceAll(/ {2,}/g, " ")
    .replaceAll(/ +$/gm, "");
