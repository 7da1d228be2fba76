import { writeFileSync } from "node:fs";
import { stringify } from "smol-toml";
import { type FakeUpstream, fakeUpstream } from "./fake-upstream.ts";
import { createSigningKey, type SigningKey } from "./signing-key.ts";
import { type StaticServer, serveDirectory } from "./static-server.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** The keys and tables of a configuration, as in TOML. `mirrors` may leave out what is filled in for each. */
export interface TestbedConfig {
  readonly mirrors?: Readonly<Record<string, MirrorSettings>>;
  readonly [key: string]: unknown;
}

/** A key that is undefined is omitted, even if it has a default here. */
export type MirrorSettings = Readonly<Record<string, unknown>>;

/** A temporary directory with a signed upstream, its server and key, and a configuration. */
export interface Testbed extends AsyncDisposable {
  readonly path: string;
  /** `dir` of the configuration. */
  readonly dir: string;
  readonly upstream: FakeUpstream;
  readonly server: StaticServer;
  readonly key: SigningKey;
  /** Contains the public part of `key`. */
  readonly keyFile: string;
  readonly configFile: string;
  join(...segments: readonly string[]): string;
  /** Replaces the configuration file. */
  configure(config: TestbedConfig): void;
}

/**
 * Makes a testbed whose configuration has the given mirrors, each of the suite "stable" unless it says otherwise. Upstream is
 * empty until `upstream.publish`.
 */
export async function createTestbed(
  config: TestbedConfig,
  { prefix, key }: { readonly prefix?: string; readonly key?: SigningKey } = {},
): Promise<Testbed> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory(prefix));
  const signedBy = key ?? (await createSigningKey());
  const upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy });
  const server = await serveDirectory(upstream.dir);
  resources.defer(() => server.close());
  const dir = directory.join("www");
  const keyFile = directory.join("archive-key.asc");
  const configFile = directory.join("mirror.toml");
  writeFileSync(keyFile, signedBy.publicKeyArmored);
  const usual = {
    url: server.url,
    suites: ["stable"],
    sections: ["main"],
    architectures: ["amd64"],
    pgp_key_path: keyFile,
  };
  const configure = ({ mirrors = {}, ...others }: TestbedConfig): void => {
    const tables = Object.entries(mirrors).map(([id, settings]) => [id, { ...usual, ...settings }]);
    writeFileSync(configFile, stringify({ dir, ...others, mirrors: Object.fromEntries(tables) }));
  };
  configure(config);
  const owned = resources.move();
  return {
    path: directory.path,
    dir,
    upstream,
    server,
    key: signedBy,
    keyFile,
    configFile,
    join: (...segments) => directory.join(...segments),
    configure,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
