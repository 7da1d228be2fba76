import { dirname, join } from "node:path";
import { ConfigError, formatConfig, formatPart, isMirrorId, type MirrorDraft } from "../../config/index.ts";
import type { InvokerFiles } from "../../platform/invoker-files.ts";
import type { InitNote } from "../../report/words/init-notes.ts";
import { nameBytesMax } from "../../snapshot-name.ts";
import { assertNoPasswords, assertValid, type ExistingConfig } from "./check-draft.ts";
import { chooseMirrors, type MirrorChoice } from "./choose-mirrors.ts";
import { distributionKeys } from "./distributions.ts";
import type { SourcedMirror } from "./from-sources.ts";
import { type NewFile, type PlannedKeys, planKeys } from "./keys.ts";
import { assertFree, writeAll } from "./write-files.ts";

export interface InitRequest extends MirrorChoice {
  /** The main file of the configuration; absolute. */
  readonly path: string;
  /** The files of the configuration, if it exists: mirrors are then added to it, in a file of conf.d. */
  readonly existing: ExistingConfig | undefined;
  /** For a new configuration. */
  readonly dir: string;
  readonly baseUrl: string | undefined;
  /** The id of the mirror, if there is only one. */
  readonly id: string | undefined;
  /** Files of keys, in place of those that the sources name. */
  readonly keyPaths: readonly string[];
  /** Only make the text. */
  readonly print: boolean;
}

export interface InitReport {
  /** The file that was written. */
  readonly path: string;
  /** The main file of its configuration. */
  readonly config: string;
  readonly text: string;
  /** False if the text was only made. */
  readonly written: boolean;
  /** Files of keys that were written, or would be. */
  readonly keyFiles: readonly string[];
  readonly mirrors: readonly string[];
  readonly notes: readonly InitNote[];
}

/** Where files are read, and what a configuration is read with. */
export interface InitPorts {
  readonly files: InvokerFiles;
  readonly homeDir: string;
}

/**
 * Writes a configuration with the mirrors that were asked for, and their keys beside it, or adds them to an existing one by a
 * new file in conf.d. Never writes over a file.
 */
export async function initConfig(request: InitRequest, ports: InitPorts): Promise<InitReport> {
  const { path: config, existing, print } = request;
  const { mirrors: chosen, notes } = chooseMirrors(request, ports.files);
  const { mirrors, newFiles } = await withKeys(request, nameMirrors(request, chosen), ports.files);
  assertNoPasswords(mirrors, config);
  const path =
    existing === undefined ? config : join(dirname(config), "conf.d", `${mirrors[0]?.id ?? "mirrors"}.toml`);
  const text =
    existing === undefined ? formatConfig({ ...request, mirrors }) : formatPart({ ...request, mirrors });
  if (!print) assertFree(path);
  await assertValid({ path, text }, existing, ports.homeDir);
  if (!print) writeAll(path, text, newFiles);
  return {
    path,
    config,
    text,
    written: !print,
    keyFiles: newFiles.map((file) => file.path),
    mirrors: mirrors.map(({ id }) => id),
    notes: [...notes, ...missingKeyrings(mirrors, ports.files)],
  };
}

function nameMirrors({ id }: InitRequest, chosen: readonly SourcedMirror[]): readonly SourcedMirror[] {
  if (id === undefined) return chosen;
  if (!isMirrorId(id))
    throw new ConfigError("VALUE_INVALID", `--id: ${JSON.stringify(id)} is not the id of a mirror`, {
      hint: idHint,
    });
  const [only, ...others] = chosen;
  if (only !== undefined && others.length === 0) return [{ ...only, draft: { ...only.draft, id } }];
  const ids = chosen.map(({ draft }) => draft.id);
  throw new ConfigError(
    "VALUE_INVALID",
    `--id names one mirror, and there are ${chosen.length}: ${ids.join(", ")}`,
  );
}

const idHint = `It has at most ${nameBytesMax} lower-case letters, digits, "-" and "_", the first a letter or a digit.`;

/** Several mirrors of one file often have the same keys, which are then written once. */
async function withKeys(
  { path, keyPaths }: InitRequest,
  chosen: readonly SourcedMirror[],
  files: InvokerFiles,
): Promise<{ readonly mirrors: readonly MirrorDraft[]; readonly newFiles: readonly NewFile[] }> {
  const keysDir = join(dirname(path), "keys");
  const planned = new Map<string, PlannedKeys>();
  const mirrors: MirrorDraft[] = [];
  for (const { draft, signedBy } of chosen) {
    const wanted = keyPaths.length > 0 ? { paths: keyPaths, key: undefined } : signedBy;
    const name = JSON.stringify([wanted?.paths, wanted?.key]);
    const keys = planned.get(name) ?? (wanted && (await planKeys({ files, keysDir }, draft.id, wanted)));
    if (keys !== undefined) planned.set(name, keys);
    mirrors.push({
      ...draft,
      values: { ...draft.values, ...keyValue(keys?.paths ?? []), publish_to_staging: true },
    });
  }
  return { mirrors, newFiles: [...planned.values()].flatMap(({ newFiles }) => newFiles) };
}

function keyValue(paths: readonly string[]): MirrorDraft["values"] {
  const [first, ...others] = paths;
  if (first === undefined) return {};
  return { pgp_key_path: others.length === 0 ? first : paths };
}

function missingKeyrings(mirrors: readonly MirrorDraft[], files: InvokerFiles): readonly InitNote[] {
  const named = new Set(mirrors.map(({ values }) => values.pgp_key_path));
  return Object.values(distributionKeys).flatMap((keys): InitNote[] => {
    const isMissing = named.has(keys.path) && files.mode(keys.path) === undefined;
    return isMissing ? [{ kind: "keyring-missing", ...keys }] : [];
  });
}
