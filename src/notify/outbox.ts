import { dirname } from "node:path";
import * as v from "valibot";
import type { Delivery, ToldMirror } from "../news/index.ts";
import { makeDirectory } from "../platform/files.ts";
import { writeDurably } from "../platform/flushing/durable-file.ts";
import type { Lock } from "../platform/locks/lock.ts";
import { readBytesIfAny } from "../platform/look.ts";
import { parseJsonIfAny } from "../platform/parse-json.ts";

/** What was reported, and what still has to be sent. */
export interface OutboxState {
  readonly mirrors: Readonly<Record<string, ToldMirror>>;
  /** File systems that are almost full, by a path. */
  readonly disks: readonly string[];
  /** Oldest first. */
  readonly queue: readonly Delivery[];
}

export interface Outbox {
  /** Without the lock: for a look before a run. */
  read(): OutboxState;
  /** Reads, changes and writes it, under a lock that nobody holds for longer than that. */
  update<Result>(change: (state: OutboxState) => Update<Result>): Promise<Result>;
}

export interface Update<Result> {
  readonly state: OutboxState;
  readonly result: Result;
}

const text = v.string();
const maybe = v.optional(text);
const texts = v.pipe(v.array(text), v.readonly());

const told = v.object({
  failedSince: maybe,
  staging: maybe,
  production: maybe,
  failedGates: maybe,
  expiring: texts,
  damaged: texts,
});

const delivery = v.object({
  to: text,
  notBefore: maybe,
  message: v.object({
    id: text,
    at: v.pipe(text, v.isoTimestamp()),
    mood: v.picklist(["bad", "good", "plain"]),
    title: text,
    text,
    // The facts are sent as they were recorded, also if a later version records others.
    news: v.array(v.custom<Delivery["message"]["news"][number]>((value) => hasEvent(value))),
  }),
});

const hasEvent = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "event" in value && typeof value.event === "string";

const stateSchema = v.object({
  format: v.literal(1),
  mirrors: v.record(text, told),
  disks: texts,
  queue: v.array(delivery),
});

const newerSchema = v.object({ format: v.pipe(v.number(), v.minValue(2)) });

const nothing: OutboxState = { mirrors: {}, disks: [], queue: [] };

/**
 * Opens the file. One that is missing or damaged counts as empty: what is wrong is then reported again. So does one of a later
 * version, which is never written: messages wait in it for that version.
 */
export function openOutbox(path: string, lock: () => Promise<Lock>): Outbox {
  const recorded = (): unknown => parseJsonIfAny(readBytesIfAny(path)?.toString("utf8"));
  return {
    read: () => stateIn(recorded()),
    async update(change) {
      using _lock = await lock();
      const record = recorded();
      if (v.is(newerSchema, record)) throw new Error(`a later version of mirrorctl wrote ${path}`);
      const before = stateIn(record);
      const { state, result } = change(before);
      if (JSON.stringify(state) !== JSON.stringify(before)) {
        makeDirectory(dirname(path), 0o700);
        writeDurably(path, `${JSON.stringify({ format: 1, ...state })}\n`, 0o600);
      }
      return result;
    },
  };
}

function stateIn(record: unknown): OutboxState {
  const parsed = v.safeParse(stateSchema, record);
  return parsed.success ? parsed.output : nothing;
}
