/** A mirror with real adapters, and the server of a signed repository that can be made hostile. Only tests import this. */
import { mkdirSync, writeFileSync } from "node:fs";
import {
  createTestbed,
  type FakeUpstream,
  fakeUpstream,
  readTree,
  type SigningKey,
  type StaticServer,
  serveDirectory,
  type Testbed,
} from "../../../test/support/index.ts";
import { type OpenedApp, openApp } from "../../../test/support/open-app.ts";
import type { FreeSpace } from "../../plan/index.ts";
import { describeError } from "../../report/errors.ts";
import type { MirrorEvent } from "../../report/events.ts";
import { messageOfEvent } from "../../report/words/messages/index.ts";
import type { MirrorContext } from "../context.ts";
import { type DryRun, type DryRunOutcome, estimateMirrors } from "../dry-run/index.ts";
import type { FoundDirectories } from "./found/found-directories.ts";
import { type SyncOutcome, syncMirror, syncMirrors } from "./sync.ts";
import type { SyncPorts } from "./sync-context.ts";

export interface SyncedMirror extends AsyncDisposable {
  /** `dir` of the configuration. */
  readonly dir: string;
  /** Where temporary files belong; empty. */
  readonly tempDir: string;
  readonly upstream: FakeUpstream;
  readonly server: StaticServer;
  /** The other base URLs of the mirror, which are asked after it. */
  readonly others: readonly OtherUpstream[];
  readonly key: SigningKey;
  readonly keyFile: string;
  /** Writes armored keys to the key file of the configuration. */
  trust(...keys: readonly string[]): void;
  /** One sync as the program does it, except that it does not wait between attempts. */
  sync(options?: RunOptions): Promise<Synced>;
  /** The same for all mirrors, which may throw before anything is done. */
  syncAll(options?: RunOptions): Promise<readonly SyncOutcome[]>;
  /** One dry run, of further mirrors in `extra` as well. */
  dryRun(options?: RunOptions): Promise<DryRunSaid>;
  /** For other verbs than a sync. */
  context(options?: RunOptions): Promise<MirrorContext>;
  /** What clients see. */
  tree(): Promise<ReadonlyMap<string, string>>;
}

export interface RunOptions {
  /** Added to the tables of the mirror. */
  readonly extra?: string;
  readonly now?: Date;
  /** Where programs of the system are looked for. */
  readonly searchPath?: string;
  /** Replace a snapshot of the same name. */
  readonly force?: boolean;
  readonly found?: FoundDirectories;
  /** In place of what the disk has free at a path. */
  readonly freeSpace?: (path: string) => FreeSpace;
  /** A directory in place of the upstream. */
  readonly from?: string;
}

export interface OtherUpstream {
  readonly upstream: FakeUpstream;
  readonly server: StaticServer;
}

export interface OpenOptions {
  /** How many base URLs the mirror has beside the first. */
  readonly otherUrls?: number;
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

export interface DryRunSaid extends DryRun, Pick<Synced, "said" | "asked"> {
  /** Of the mirror `m`. */
  readonly outcome: DryRunOutcome;
}

/** Opens the mirror `m` of the suite `stable`, of an upstream that has nothing yet. */
export async function openMirror(
  suites: readonly string[] = ["stable"],
  { sections = ["main"], architectures = ["amd64"], basePath = "", otherUrls = 0 }: OpenOptions = {},
): Promise<SyncedMirror> {
  const site = await createTestbed({});
  const { dir, upstream, server, key, keyFile } = site;
  const otherUpstreams = await openOthers(site, otherUrls);
  const urls = [`${server.url}${basePath}`, ...otherUpstreams.map((other) => other.server.url)];
  const tempDir = site.join("tmp");
  mkdirSync(tempDir);
  const text = `dir = "${dir}"
[mirrors.m]
url = ${JSON.stringify(urls)}
suites = ${JSON.stringify(suites)}
sections = ${JSON.stringify(sections)}
architectures = ${JSON.stringify(architectures)}
`;
  const usualKeys = `pgp_key_path = "${keyFile}"\n`;
  const open = (
    { extra = "", now, searchPath = "/usr/bin:/bin" }: RunOptions = {},
    emit: (event: MirrorEvent) => void = () => undefined,
  ): Promise<OpenedApp> =>
    openApp(
      {
        text: text + (extra.includes("pgp_key_path") ? extra : usualKeys + extra),
        path: site.configFile,
        emit,
      },
      { env: { PATH: searchPath }, tempDir, now: () => now ?? new Date() },
    );
  const run = async <Result>(
    options: RunOptions = {},
    verb: Verb<Result>,
  ): Promise<{ readonly result: Result } & Pick<Synced, "said" | "asked">> => {
    server.clearRequests();
    const said: string[] = [];
    const emit = (event: MirrorEvent): void => void said.push(messageOfEvent(event)?.text ?? "");
    await using opened = await open(options, emit);
    const { app, mirrors } = opened;
    const [first, ...others] = mirrors;
    if (first === undefined) throw new Error("the configuration has a mirror");
    const openPorts = options.from === undefined ? app.openSyncPorts : app.openPortsFrom(options.from);
    const result = await verb([first, ...others], async (context) => ({
      ...(await openPorts(context)),
      ...(options.freeSpace === undefined ? {} : { freeSpace: options.freeSpace }),
    }));
    return { result, said: said.join("\n"), asked: server.requests.map(({ path }) => path) };
  };
  return {
    dir,
    tempDir,
    upstream,
    server,
    others: otherUpstreams,
    key,
    keyFile,
    trust: (...keys) => writeFileSync(keyFile, keys.join("\n")),
    tree: () => readTree(`${dir}/m/.live`),
    context: async (options) => (await open(options)).mirror("m"),
    sync: async (options = {}) => {
      const { result, ...others } = await run(options, ([context], openPorts) =>
        syncMirror(context, () => openPorts(context), {
          force: options.force === true,
          noPgpCheck: false,
          found: options.found,
        }),
      );
      return { outcome: result, ...others, said: [others.said, ...textOf(result)].join("\n") };
    },
    syncAll: async (options = {}) => {
      const { result } = await run(options, (contexts, openPorts) =>
        syncMirrors(contexts, openPorts, { force: false, noPgpCheck: false, found: options.found }),
      );
      return result;
    },
    dryRun: async (options) => {
      const { result, ...others } = await run(options, (contexts, openPorts) =>
        estimateMirrors(contexts, openPorts, { noPgpCheck: false, found: options?.found }),
      );
      const [outcome] = result.outcomes;
      if (outcome === undefined) throw new Error("a dry run has an outcome");
      const said = [others.said, ...textOf(outcome)].join("\n");
      return { ...others, ...result, outcome, said };
    },
    async [Symbol.asyncDispose]() {
      for (const other of otherUpstreams) await other.server.close();
      await site[Symbol.asyncDispose]();
    },
  };
}

const textOf = (outcome: SyncOutcome | DryRunOutcome): readonly string[] => {
  if (outcome.kind !== "failed") return [];
  const { message, below } = describeError(outcome.error, false);
  return [message, ...below];
};

async function openOthers(site: Testbed, count: number): Promise<readonly OtherUpstream[]> {
  const opened: OtherUpstream[] = [];
  for (let number = 1; number <= count; number++) {
    const upstream = await fakeUpstream({ dir: site.join(`other-${number}`), signedBy: site.key });
    opened.push({ upstream, server: await serveDirectory(upstream.dir) });
  }
  return opened;
}

/** At least one. */
type Contexts = readonly [MirrorContext, ...MirrorContext[]];

type Verb<Result> = (
  contexts: Contexts,
  openPorts: (context: MirrorContext) => Promise<SyncPorts>,
) => Promise<Result>;

/** Gives each stanza of an index so many bytes that it is compared alone. */
export const withLargeStanzas = (text: string): string =>
  text.replace(/^Package: .*\n/gm, (line) => `${line}X-Note: ${"large ".repeat(1_500)}\n`);
