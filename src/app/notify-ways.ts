import { hostname } from "node:os";
import { dirname } from "node:path";
import type { ChannelConfig, Secret } from "../config/index.ts";
import { webhookKeyOf, webhookSecretType } from "../news/index.ts";
import type { Channel, Heartbeat, Post } from "../notify/index.ts";
import { type Recipient, readNotifyFile, readSecret, type Watchdog } from "../operations/notify/index.ts";
import { usableTempDir } from "../operations/site-owner.ts";
import { openPrograms } from "../platform/machine/programs.ts";
import { userAgent } from "../version.ts";
import type { Shared } from "./shared.ts";
import { proxyOf } from "./sync-ports.ts";

type Healthchecks = Extract<ChannelConfig, { readonly type: "healthchecks" }>;

/** Opens the ways to those whom the configuration names. Secrets are read when something is sent. */
export function notifyWays(
  shared: Shared,
  signal: AbortSignal,
): { readonly recipients: readonly Recipient[]; readonly watchdogs: readonly Watchdog[] } {
  const { notify } = shared.config;
  const recipients = notify.flatMap(({ channel, ...one }): readonly Recipient[] => {
    if (channel.type === "healthchecks") return [];
    const takes = channel.type === "webhook" || channel.type === "command" ? "each" : "digest";
    return [{ ...one, takes, open: () => openChannel(channel, one.limitMs, shared, signal) }];
  });
  const watchdogs = notify.flatMap(({ channel, ...one }): readonly Watchdog[] =>
    channel.type === "healthchecks" ? [{ ...one, open: () => openHeartbeat(channel, shared) }] : [],
  );
  return { recipients, watchdogs };
}

export const hostName = (): string => hostname();

async function openChannel(
  channel: Exclude<ChannelConfig, Healthchecks>,
  limitMs: number,
  shared: Shared,
  signal: AbortSignal,
): Promise<Channel> {
  const { webhook, slack, ntfy, email, command } = await import("../notify/index.ts");
  const { machine } = shared;
  const host = hostName();
  const read = (secret: Secret): string => textOf(secret, shared);
  switch (channel.type) {
    case "webhook": {
      const ports = { post: await openPost(channel.caCertFile, shared), now: machine.now, host };
      return webhook(await urlOf(channel.url, shared), await keyOf(channel.secret, shared), ports);
    }
    case "slack":
      return slack(await urlOf(channel.url, shared), await openPost(channel.caCertFile, shared));
    case "ntfy": {
      const token = channel.token && read(channel.token);
      return ntfy(await urlOf(channel.url, shared), token, await openPost(channel.caCertFile, shared));
    }
    case "email": {
      const { to, from = `mirrorctl@${host}`, command: sendmail } = channel;
      const ports = { ...programRun(limitMs, shared, signal), now: machine.now, host };
      return email({ to, from, command: sendmail }, ports);
    }
    case "command":
      return command(channel.command, { ...programRun(limitMs, shared, signal), host });
  }
}

async function openHeartbeat(channel: Healthchecks, shared: Shared): Promise<Heartbeat> {
  const { healthchecks } = await import("../notify/index.ts");
  return healthchecks(await urlOf(channel.url, shared), await openPost(channel.caCertFile, shared));
}

const programRun = (limitMs: number, { machine }: Shared, signal: AbortSignal) => ({
  programs: openPrograms(machine.env.PATH, { signal, signalGroup: machine.signalGroup }),
  tempDir: usableTempDir(machine),
  limitMs,
});

const textOf = (secret: Secret, { worker }: Shared): string =>
  "file" in secret ? readSecret(worker.files, secret.file) : secret.text;

async function urlOf(secret: Secret, shared: Shared): Promise<URL> {
  const text = textOf(secret, shared);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw await unusable(secret, "an http or https URL");
}

async function keyOf(secret: Secret, shared: Shared): Promise<Uint8Array> {
  const key = webhookKeyOf(textOf(secret, shared));
  if (key !== undefined) return key;
  throw await unusable(secret, webhookSecretType);
}

async function unusable(secret: Secret, expected: string): Promise<Error> {
  const { NotifyError } = await import("../notify/index.ts");
  const where = "file" in secret ? secret.file : "the configuration";
  return new NotifyError(`${where} has something else than ${expected}`);
}

/** With the proxies of the environment, and the system's certificates or those of the table. */
async function openPost(caCertFile: string | undefined, shared: Shared): Promise<Post> {
  const { createPost, defaultTimeouts, readAuthConf, UpstreamError } = await import("../upstream/index.ts");
  const { config, machine, worker, connections } = shared;
  const ca = caCertFile === undefined ? undefined : readNotifyFile(worker.files, caCertFile);
  try {
    return createPost(
      {
        tls: { minVersion: "TLSv1.2", ca },
        proxy: proxyOf(machine.env),
        authEntries: readAuthConf(dirname(config.path), worker.files).entries,
        maxConns: 2,
        timeouts: defaultTimeouts,
        onPipelining: () => undefined,
        userAgent,
        now: machine.now,
      },
      await connections.pools(),
    );
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const { NotifyError } = await import("../notify/index.ts");
    throw new NotifyError(error.message, { cause: error });
  }
}
