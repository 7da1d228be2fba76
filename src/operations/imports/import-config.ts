import { dirname, join } from "node:path";
import { ConfigError } from "../../config/index.ts";
import { hasCode } from "../../errors.ts";
import { formatAuth, ImportError, type Imported, type Remark } from "../../imports/index.ts";
import { makeDirectory } from "../../platform/files.ts";
import { writeNewDurably } from "../../platform/flushing/durable-file.ts";
import { statIfAny, statLinkIfAny } from "../../platform/look.ts";
import { importPlaceText } from "../../report/words/import-places.ts";
import { dropUnusable } from "./drop-unusable.ts";
import { formatImported } from "./format-imported.ts";
import { type ImportTool, readTool } from "./read-tool.ts";

export interface ImportRequest {
  readonly tool: ImportTool;
  /** A file; for debmirror also the arguments of a command line, the first of which begins with "-". */
  readonly words: readonly string[];
  /** Writes the configuration to this file, which must not exist, and passwords to auth.conf beside it. */
  readonly write: string | undefined;
  /** Of this machine, as dpkg names it. */
  readonly architecture: string;
}

export interface ImportOutcome {
  /** The configuration. */
  readonly text: string;
  readonly remarks: readonly Remark[];
  readonly mirrors: readonly string[];
  /** The files that were written. */
  readonly written: readonly string[];
  /** Hosts whose passwords are in no file. */
  readonly unwrittenPasswords: readonly string[];
}

/** Where mirrors are kept unless somebody writes something else. */
const defaultDir = "/var/lib/mirrorctl";

/** Makes a configuration of that of another tool, which it reads and does not run. Throws ImportError. */
export async function importConfig({
  tool,
  words,
  write,
  architecture,
}: ImportRequest): Promise<ImportOutcome> {
  const { imported: found, from } = await readTool(tool, words, architecture);
  const format = (draft: Imported): string =>
    formatImported(draft, { from: `${tool} (${from})`, dir: defaultDir });
  const auth = formatAuth(found.credentials);
  const imported = dropUnusable(withoutPasswords(found, auth.unwritable), format);
  if (imported.mirrors.length === 0)
    throw new ImportError("IMPORT_UNREADABLE", `${from} names nothing that can be mirrored`, {
      items: imported.remarks.map(({ place, said, means }) => `${importPlaceText(place)}${said}: ${means}`),
      hint: "Check that it is the configuration of that tool.",
    });
  const text = format(imported);
  const outcome = { text, remarks: imported.remarks, mirrors: imported.mirrors.map(({ id }) => id) };
  if (write === undefined)
    return {
      ...outcome,
      written: [],
      unwrittenPasswords: imported.credentials.map(({ origin }) => origin),
    };
  const authFile = auth.text === "" ? undefined : freeAuthFile(write, tool);
  writeAll(write, text, authFile, auth.text);
  return {
    ...outcome,
    written: [write, ...(authFile === undefined ? [] : [authFile])],
    unwrittenPasswords: auth.unwritable.map(({ origin }) => origin),
  };
}

/** Names the passwords that auth.conf cannot have. */
const withoutPasswords = (imported: Imported, unwritable: Imported["credentials"]): Imported => ({
  ...imported,
  remarks: [
    ...imported.remarks,
    ...unwritable.map(
      ({ origin }): Remark => ({
        kind: "dropped",
        place: undefined,
        said: `the password for ${origin}`,
        means: "auth.conf has only words of ASCII, without blanks",
      }),
    ),
  ],
});

/** A file that is there already may have other passwords: they are left alone. */
function freeAuthFile(config: string, tool: ImportTool): string {
  const beside = join(dirname(config), "auth.conf");
  return statIfAny(beside) === undefined
    ? beside
    : join(dirname(config), "auth.conf.d", `import-${tool}.conf`);
}

/** The configuration is last, so that it never lacks a password that is in no other file. */
function writeAll(config: string, text: string, auth: string | undefined, passwords: string): void {
  if (statLinkIfAny(config) !== undefined) throw existsAlready(config);
  try {
    if (auth !== undefined) {
      makeDirectory(dirname(auth));
      writeNewDurably(auth, passwords, 0o600);
    }
    makeDirectory(dirname(config));
    writeNewDurably(config, text, 0o644);
  } catch (error) {
    throw hasCode(error, "EEXIST") ? existsAlready(auth ?? config) : error;
  }
}

const existsAlready = (path: string): ConfigError =>
  new ConfigError("FILE_EXISTS", `${path} exists already, and import writes over no file`, {
    facts: { path },
    hint: "Name another file with --write, or move that one away.",
  });
