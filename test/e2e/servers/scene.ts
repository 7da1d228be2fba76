import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { stringify } from "smol-toml";
import {
  type ArmedFault,
  type Fault,
  readTree,
  type StaticServer,
  serveDirectory,
  temporaryDirectory,
} from "../../support/index.ts";
import type { Surroundings } from "./case.ts";
import type { Repository, StateName } from "./repository.ts";
import { runSync, type SyncRun } from "./run-sync.ts";

/** A mirror of one repository, with the server of its upstream. */
export interface Scene extends AsyncDisposable {
  readonly server: StaticServer;
  /** As `server.fault`; `mend` ends it. */
  fault(fault: Fault): ArmedFault;
  mend(): void;
  /** Makes the server have a state from now on. */
  show(state: StateName): void;
  /** What the server has at a path. */
  bytesAt(path: string): Buffer;
  /** Writes a file of the mirror's; answers its path. */
  write(name: string, text: string): string;
  /** Another server of the same files, for as long as the scene. */
  serveAgain(): Promise<StaticServer>;
  /** Ends with the scene. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource;
  sync(surroundings: Surroundings, options?: { readonly impatient?: boolean }): Promise<SyncRun>;
  /** What clients see in production. */
  production(): Promise<ReadonlyMap<string, string>>;
  /** Everything that stands at the top of what the web server shows of the mirror. */
  publicNames(): readonly string[];
}

export async function openScene(repository: Repository): Promise<Scene> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory("mirrorctl-servers-"));
  const upstreamDir = directory.join("upstream");
  mkdirSync(upstreamDir);
  const server = resources.use(await serveDirectory(upstreamDir));
  const faults: ArmedFault[] = [];
  writeFileSync(directory.join("key.asc"), repository.publicKeyArmored);
  const owned = resources.move();
  return {
    server,
    fault(fault) {
      const armed = server.fault(fault);
      faults.push(armed);
      return armed;
    },
    mend() {
      for (const armed of faults) armed.disarm();
    },
    show: (state) => repository.show(state, upstreamDir),
    bytesAt: (path) => readFileSync(`${upstreamDir}${path}`),
    write(name, text) {
      writeFileSync(directory.join(name), text);
      return directory.join(name);
    },
    serveAgain: async () => owned.use(await serveDirectory(upstreamDir)),
    use: (resource) => owned.use(resource),
    async sync({ mirror = {}, env = {} }, { impatient = false } = {}) {
      const usual = { url: server.url, suites: ["stable"], sections: ["main"], architectures: ["amd64"] };
      const text = stringify({
        dir: directory.join("www"),
        // What was shown before would stand beside what is.
        publish: { grace: "0" },
        mirrors: { m: { ...usual, pgp_key_path: directory.join("key.asc"), ...mirror } },
      });
      return runSync({ text, path: directory.join("mirror.toml"), env, impatient });
    },
    production: () => readTree(directory.join("www/m/current")),
    publicNames: () => readdirSync(directory.join("www/m")).toSorted(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
