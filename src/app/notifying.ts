import { randomUUID } from "node:crypto";
import { storeLayout } from "../layout.ts";
import type { MirrorContext } from "../operations/context.ts";
import type { NotifyPorts, TestedRecipient } from "../operations/notify/index.ts";
import { OwnerError } from "../operations/site-owner.ts";
import type { SyncOutcome } from "../operations/sync/index.ts";
import { awaitLock } from "../platform/locks/lock.ts";
import { formatLockHolder } from "../platform/locks/lock-holder.ts";
import { exitStatusOf, statusOfFailures } from "../report/errors.ts";
import { logTailOf } from "./log-tail.ts";
import type { Caller, Shared } from "./shared.ts";

/** Reports what a run changes to the recipients of the configuration. */
export interface Notifier {
  /** Does something with mirrors, and reports what it changed once no lock is held. Fails only as the work does. */
  around<Result>(mirrors: readonly MirrorContext[], work: () => Promise<Result>): Promise<Result>;
  /** Tells the checks of these mirrors that a sync begins, and how it ended. `sync` works for the caller that it gets. */
  pinging(
    mirrors: readonly string[],
    sync: (heard: Caller) => Promise<readonly SyncOutcome[]>,
  ): Promise<readonly SyncOutcome[]>;
  /** Sends a test message to each. */
  test(): Promise<readonly TestedRecipient[]>;
}

/** Loaded for those who configured it: no other run pays for it. */
const loadWays = () => import("./notify-ways.ts");

export function notifierOf(shared: Shared, caller: Caller): Notifier {
  const { config, machine, worker } = shared;
  const emit: NotifyPorts["emit"] = (event) => caller.emitRun?.(event);
  return {
    async around(mirrors, work) {
      if (config.notify.length === 0 || !mayKeep(worker)) return work();
      const { announce, lookBefore } = await import("../operations/notify/index.ts");
      const ports = await openPorts(shared, caller);
      const before = await orTell(emit, () => lookBefore(mirrors, ports));
      try {
        return await work();
      } finally {
        // The next run reports what this one changed before it was interrupted.
        if (before !== undefined && !caller.signal.aborted)
          await orTell(emit, () => announce(mirrors, before, ports));
      }
    },
    async pinging(mirrors, sync) {
      if (config.notify.every(({ channel }) => channel.type !== "healthchecks")) return sync(caller);
      const { watchdogs } = (await loadWays()).notifyWays(shared, caller.signal);
      const { beginHeartbeats } = await import("../operations/notify/index.ts");
      const tail = logTailOf(caller, machine.now);
      const heartbeats = beginHeartbeats(mirrors, { watchdogs, run: randomUUID(), emit });
      try {
        const outcomes = await sync(tail.caller);
        await heartbeats.end((watched) => statusOf(outcomes, watched), tail.text());
        return outcomes;
      } catch (error) {
        await heartbeats.end(() => exitStatusOf(error), tail.text());
        throw error;
      }
    },
    async test() {
      const { testRecipients } = await import("../operations/notify/index.ts");
      const { testMessage } = await import("../report/words/news.ts");
      const { hostName, notifyWays } = await loadWays();
      const message = testMessage({ id: newId(), at: machine.now(), host: hostName() });
      const { signal } = caller;
      return testRecipients({ ...notifyWays(shared, signal), message, signal });
    },
  };
}

async function openPorts(shared: Shared, caller: Caller): Promise<NotifyPorts> {
  const { config, machine } = shared;
  const { who, signal, emitRun } = caller;
  const { openOutbox } = await import("../notify/index.ts");
  const { messageOfNews } = await import("../report/words/news.ts");
  const { hostName, notifyWays } = await loadWays();
  const { outbox, outboxLock } = storeLayout(config.dir);
  const request = {
    holder: formatLockHolder({ who, verb: "notify", pid: machine.pid }),
    what: "the record of notifications",
  };
  const patience = { waitMs: 2_000, pause: machine.pause, signal };
  return {
    recipients: notifyWays(shared, signal).recipients,
    outbox: openOutbox(outbox, () => awaitLock(outboxLock, request, patience)),
    compose: (news) => messageOfNews(news, { id: newId(), at: machine.now(), host: hostName() }),
    now: machine.now,
    signal,
    emit: (event) => emitRun?.(event),
  };
}

const newId = (): string => `msg_${randomUUID()}`;

/** A user who may not write below `dir` changes nothing, so there is nothing to report. */
function mayKeep(worker: Shared["worker"]): boolean {
  try {
    worker.assertMayWrite();
    return true;
  } catch (error) {
    if (!(error instanceof OwnerError)) throw error;
    return false;
  }
}

/** Nothing about notifications may fail a run that has done its work: any error of theirs is a warning. */
async function orTell<Result>(
  emit: NotifyPorts["emit"],
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    emit({ type: "notifications-failed", error });
    return undefined;
  }
}

function statusOf(outcomes: readonly SyncOutcome[], watched: readonly string[]): number {
  const own = outcomes.filter(({ mirror }) => watched.includes(mirror));
  return statusOfFailures(own.flatMap((outcome) => ("error" in outcome ? [outcome.error] : [])));
}
