import { isDeepStrictEqual } from "node:util";
import {
  type Attempt,
  claimDue,
  compareDisks,
  compareMirror,
  type Delivery,
  isWanted,
  keepWorthwhile,
  type News,
  nothingTold,
  type SeenDisk,
  type SeenMirror,
  settle,
  type ToldMirror,
} from "../../news/index.ts";
import type { OutboxState } from "../../notify/index.ts";
import type { MirrorContext } from "../context.ts";
import { deliver } from "./deliver.ts";
import { lookAtLinks, observe, observeDisks } from "./observe.ts";
import type { NotifyPorts, Recipient } from "./ports.ts";

/** What was reported about each mirror before a run. */
type Before = ReadonlyMap<string, ToldMirror>;

/** A mirror may be called "constructor". */
const toldOf = ({ mirrors }: OutboxState, id: string): ToldMirror | undefined =>
  Object.hasOwn(mirrors, id) ? mirrors[id] : undefined;

/**
 * Notes what mirrors without reports so far show, so that only what a run changes is news. It is on disk before the run
 * begins: if that is killed, the next one reports what it changed.
 */
export async function lookBefore(mirrors: readonly MirrorContext[], ports: NotifyPorts): Promise<Before> {
  const state = ports.outbox.read();
  const before = new Map<string, ToldMirror>();
  for (const context of mirrors) {
    const { id } = context.mirror;
    if (toldOf(state, id) === undefined) before.set(id, nothingTold(await lookAtLinks(context)));
  }
  if (before.size > 0)
    await keepingOn(ports, ({ mirrors: told, ...rest }) => ({
      state: { ...rest, mirrors: { ...Object.fromEntries(before), ...told } },
      result: undefined,
    }));
  return before;
}

/**
 * Reports to the recipients what changed since the last report, and sends what could not be sent before. The new state, and each
 * message, is on disk before the first is sent: after a kill, the next run sends it, perhaps for the second time.
 */
export async function announce(
  mirrors: readonly MirrorContext[],
  before: Before,
  ports: NotifyPorts,
): Promise<void> {
  const { due, dropped } = await record(mirrors, before, ports);
  if (dropped > 0) ports.emit({ type: "notifications-dropped", count: dropped });
  if (due.length === 0) return;
  const attempts = await deliver(due, ports);
  await keepingOn(ports, (state) => settled(state, attempts, ports.now()));
}

const looksMax = 5;

/**
 * Looks at the mirrors and records what is news. If another run reported about them between the look and the lock, what was
 * seen may be older than that report, and they are looked at again.
 */
async function record(mirrors: readonly MirrorContext[], before: Before, ports: NotifyPorts): Promise<Plan> {
  for (let look = 1; ; look++) {
    const known = ports.outbox.read();
    const seen: SeenMirror[] = [];
    for (const mirror of mirrors) seen.push(await observe(mirror));
    const found = { seen, disks: observeDisks(mirrors), before };
    const isStale = (state: OutboxState): boolean =>
      look < looksMax &&
      seen.some(({ mirror }) => !isDeepStrictEqual(toldOf(state, mirror), toldOf(known, mirror)));
    const planned = await keepingOn(ports, (state) =>
      isStale(state) ? { state, result: undefined } : plan(state, found, ports),
    );
    if (planned !== undefined) return planned;
  }
}

/** On a full disk the message about it is still sent, and sent again by the next run. */
async function keepingOn<Result>(
  { outbox, emit }: NotifyPorts,
  change: (state: OutboxState) => { readonly state: OutboxState; readonly result: Result },
): Promise<Result> {
  try {
    return await outbox.update(change);
  } catch (error) {
    emit({ type: "notifications-unkept", error });
    return change(outbox.read()).result;
  }
}

interface Found {
  readonly seen: readonly SeenMirror[];
  readonly disks: readonly SeenDisk[];
  readonly before: Before;
}

interface Plan {
  readonly due: readonly Delivery[];
  readonly dropped: number;
}

function plan(
  state: OutboxState,
  { seen, disks, before }: Found,
  { recipients, compose, now }: NotifyPorts,
): { readonly state: OutboxState; readonly result: Plan } {
  const names = recipients.map(({ name }) => name);
  const compared = seen.map((mirror) => {
    const told = toldOf(state, mirror.mirror) ?? before.get(mirror.mirror) ?? nothingTold({});
    return { id: mirror.mirror, ...compareMirror(told, mirror) };
  });
  const ofDisks = compareDisks(state.disks, disks);
  const news: readonly News[] = [...ofDisks.news, ...compared.flatMap((one) => one.news)];
  const added = recipients.flatMap((recipient) => deliveriesFor(recipient, news, compose));
  // What is new is tried at least once, however much it is.
  const { kept, dropped } = keepWorthwhile(state.queue, names, now());
  const { due, queue } = claimDue([...kept, ...added], now());
  const told = Object.fromEntries(compared.map((one) => [one.id, one.told]));
  return {
    state: { mirrors: { ...state.mirrors, ...told }, disks: ofDisks.told, queue },
    result: { due, dropped },
  };
}

function deliveriesFor(
  { name: to, takes, ...subscription }: Recipient,
  all: readonly News[],
  compose: NotifyPorts["compose"],
): readonly Delivery[] {
  const wanted = all.filter((news) => isWanted(subscription, news));
  if (wanted.length === 0) return [];
  const bundles = takes === "digest" ? [wanted] : wanted.map((news) => [news]);
  return bundles.map((bundle) => ({ to, message: compose(bundle) }));
}

const settled = (
  state: OutboxState,
  attempts: readonly Attempt[],
  now: Date,
): { readonly state: OutboxState; readonly result: undefined } => ({
  state: { ...state, queue: settle(state.queue, attempts, now) },
  result: undefined,
});
