import { archiveDate, type FileContents, type Links, tarGz } from "./tar-archive.ts";

export interface DebOptions {
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  readonly depends?: string;
  /** Files that the package installs: path without leading `/` -> content. Default: one small README. */
  readonly files?: FileContents;
  /** Symbolic links that the package installs: path without leading `/` -> target. Default: none. */
  readonly links?: Links;
  /** More control fields, or replacements of the usual ones: `Source`, `Priority`, `Multi-Arch`, … */
  readonly fields?: Readonly<Record<string, string>>;
}

export interface DebFile {
  readonly bytes: Buffer;
  /** The control stanza of the package, without a final empty line. A stanza of Packages begins with it. */
  readonly control: string;
  /** The paths of its files, for Contents. */
  readonly installs: readonly string[];
}

/** Makes a real binary package, deb(5). The same options give the same bytes. */
export async function debFile(options: DebOptions): Promise<DebFile> {
  const files = options.files ?? {
    [`usr/share/doc/${options.package}/README`]: `${options.package} ${options.version}\n`,
  };
  const control = controlStanza(options, files);
  const installed = belowRoot(files);
  const bytes = ar([
    ["debian-binary", Buffer.from("2.0\n")],
    ["control.tar.gz", await tarGz({ "./control": control })],
    ["data.tar.gz", await tarGz(installed, belowRoot(options.links ?? {}))],
  ]);
  return { bytes, control, installs: Object.keys(files).toSorted() };
}

const belowRoot = <Value>(paths: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(paths).map(([path, value]) => [`./${path}`, value]));

function controlStanza(options: DebOptions, files: FileContents): string {
  const sizeBytes = Object.values(files).reduce((sum, content) => sum + Buffer.byteLength(content), 0);
  const fields = {
    Package: options.package,
    Version: options.version,
    Architecture: options.architecture,
    Maintainer: "Test Archive <archive@example.org>",
    "Installed-Size": String(Math.ceil(sizeBytes / 1024)),
    ...(options.depends === undefined ? {} : { Depends: options.depends }),
    Section: "misc",
    Priority: "optional",
    Description: `the ${options.package} of the tests`,
    ...options.fields,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
}

/** Makes an ar(5) archive as dpkg-deb does: names padded with blanks, members padded to an even offset. */
export function ar(members: readonly (readonly [name: string, content: Buffer])[]): Buffer {
  const parts: Buffer[] = [Buffer.from("!<arch>\n")];
  for (const [name, content] of members) {
    const seconds = String(archiveDate.getTime() / 1000);
    const header = [name.padEnd(16), seconds.padEnd(12), "0".padEnd(6), "0".padEnd(6), "100644".padEnd(8)];
    parts.push(Buffer.from(`${header.join("")}${String(content.length).padEnd(10)}\`\n`), content);
    if (content.length % 2 === 1) parts.push(Buffer.from("\n"));
  }
  return Buffer.concat(parts);
}
