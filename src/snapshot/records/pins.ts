import { join } from "node:path";
import * as v from "valibot";
import { makeDirectory, removeFile } from "../../platform/files.ts";
import { writeDurably } from "../../platform/flushing/durable-file.ts";
import { listDirectory, readBytesIfAny } from "../../platform/look.ts";
import { parseJsonIfAny } from "../../platform/parse-json.ts";

/** Keeps a snapshot from retention until somebody removes it. */
export interface Pin {
  /** Unknown if the file cannot be read: what is pinned stays pinned. */
  readonly at?: Date | undefined;
  readonly by?: string | undefined;
  readonly note?: string | undefined;
}

const pinSchema = v.object({
  format: v.literal(1),
  at: v.pipe(v.string(), v.isoTimestamp()),
  by: v.string(),
  note: v.optional(v.string()),
});

const pinPath = (pins: string, name: string): string => join(pins, `${name}.json`);

/**
 * Returns the pins of one mirror by the names of their snapshots. They are files of a directory beside the trees, so that
 * neither a lost history nor a lost record of the snapshot ends them.
 */
export function readPins(pins: string): ReadonlyMap<string, Pin> {
  const names = listDirectory(pins).flatMap((entry) => /^([^.].*)\.json$/.exec(entry.name)?.[1] ?? []);
  return new Map(names.map((name) => [name, readPin(pinPath(pins, name))]));
}

function readPin(path: string): Pin {
  const parsed = v.safeParse(pinSchema, parseJsonIfAny(readBytesIfAny(path)?.toString("utf8")));
  if (!parsed.success) return {};
  const { at, by, note } = parsed.output;
  return { at: new Date(at), by, note };
}

export function writePin(pins: string, name: string, { at, by, note }: Required<Pin>): void {
  makeDirectory(pins);
  const pin = { format: 1, at: at?.toISOString(), by, note };
  writeDurably(pinPath(pins, name), `${JSON.stringify(pin)}\n`, 0o644);
}

export const removePin = (pins: string, name: string): void => removeFile(pinPath(pins, name));
