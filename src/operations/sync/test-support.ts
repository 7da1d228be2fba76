/** A mirror with real adapters, and the server of a signed repository that can be made hostile. Only tests import this. */
import { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import {
  createHost,
  createSigningKey,
  type FakeUpstream,
  fakeUpstream,
  readTree,
  type SigningKey,
  type StaticServer,
  serveDirectory,
  temporaryDirectory,
} from "../../../test/support/index.ts";
import { type App, createApp } from "../../app.ts";
import { parseConfig } from "../../config/index.ts";
import { describeError } from "../../report/errors.ts";
import type { MirrorEvent } from "../../report/events.ts";
import { messageOfEvent } from "../../report/messages.ts";
import type { MirrorContext } from "../context.ts";
import { type SyncOutcome, syncMirror } from "./sync.ts";

export interface SyncedMirror extends AsyncDisposable {
  /** `dir` of the configuration. */
  readonly dir: string;
  readonly upstream: FakeUpstream;
  readonly server: StaticServer;
  readonly key: SigningKey;
  /** Of the configuration's key file, armored keys. */
  trust(...keys: readonly string[]): void;
  /** One sync as the program does it, but that it does not wait between attempts. */
  sync(options?: {
    readonly extra?: string;
    readonly dryRun?: boolean;
    readonly force?: boolean;
    readonly now?: Date;
  }): Promise<Synced>;
  /** For other verbs than a sync. */
  context(options?: { readonly extra?: string; readonly now?: Date }): Promise<MirrorContext>;
  /** What clients see. */
  tree(): Promise<ReadonlyMap<string, string>>;
}

export interface OpenOptions {
  readonly sections?: readonly string[];
  readonly architectures?: readonly string[];
  /** From the server's root to the base URL of the repository. */
  readonly basePath?: string;
}

export interface Synced {
  readonly outcome: SyncOutcome;
  /** What a user reads: events, the error and what is said below it. */
  readonly said: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
}

/** The mirror `m` of the suite `stable` of an upstream that has nothing yet; in memory, where flushing costs nothing. */
export async function openMirror(
  suites: readonly string[] = ["stable"],
  { sections = ["main"], architectures = ["amd64"], basePath = "" }: OpenOptions = {},
): Promise<SyncedMirror> {
  const directory = await temporaryDirectory(
    "mirrorctl-test-",
    existsSync("/dev/shm") ? "/dev/shm" : tmpdir(),
  );
  const key = await createSigningKey();
  const upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
  const server = await serveDirectory(upstream.dir);
  const dir = directory.join("www");
  const text = `dir = "${dir}"
[mirrors.m]
url = "${server.url}${basePath}"
suites = ${JSON.stringify(suites)}
sections = ${JSON.stringify(sections)}
architectures = ${JSON.stringify(architectures)}
`;
  const usualKeys = `pgp_key_path = "keys.asc"\n`;
  const trust = (...keys: readonly string[]): void =>
    writeFileSync(directory.join("keys.asc"), keys.join("\n"));
  trust(key.publicKeyArmored);
  const sourceOf = (extra: string) => ({
    text: text + (extra.includes("pgp_key_path") ? extra : usualKeys + extra),
    path: directory.join("mirror.toml"),
    homeDir: directory.path,
  });
  return {
    dir,
    upstream,
    server,
    key,
    trust,
    tree: () => readTree(`${dir}/m/.live`),
    async context({ extra = "", now } = {}) {
      return (await openApp({ ...sourceOf(extra), now }, () => undefined)).context;
    },
    async sync({ extra = "", dryRun = false, force = false, now } = {}) {
      server.clearRequests();
      const said: string[] = [];
      const tell = (event: MirrorEvent): void => void said.push(messageOfEvent(event)?.text ?? "");
      const { app, context } = await openApp({ ...sourceOf(extra), now }, tell);
      await using _ = app;
      const options = { dryRun, force, noPgpCheck: false };
      const outcome = await syncMirror(context, () => app.openSyncPorts(context), options);
      if (outcome.kind === "failed") {
        const { message, below } = describeError(outcome.error, false);
        said.push(message, ...below);
      }
      return { outcome, said: said.join("\n"), asked: server.requests.map(({ path }) => path) };
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

interface AppSettings {
  readonly text: string;
  readonly path: string;
  readonly homeDir: string;
  readonly now: Date | undefined;
}

async function openApp(
  { now, ...source }: AppSettings,
  emit: (event: MirrorEvent) => void,
): Promise<{ readonly app: App; readonly context: MirrorContext }> {
  const config = await parseConfig({ ...source, env: {} });
  const host = createHost({
    env: { PATH: "/usr/bin:/bin" },
    homeDir: source.homeDir,
    now: () => now ?? new Date(),
  });
  const app = createApp(config, host, emit);
  const [mirror] = config.mirrors;
  if (mirror === undefined) throw new Error("the configuration has a mirror");
  return { app, context: app.mirror(mirror) };
}
