import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import {
  type ArmedFault,
  createSite,
  type Fault,
  readTree,
  type StaticServer,
  serveDirectory,
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
  const site = resources.use(await createSite({}, { prefix: "mirrorctl-servers-", key: repository.key }));
  const { server } = site;
  const upstreamDir = site.upstream.dir;
  const faults: ArmedFault[] = [];
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
      writeFileSync(site.join(name), text);
      return site.join(name);
    },
    serveAgain: async () => owned.use(await serveDirectory(upstreamDir)),
    use: (resource) => owned.use(resource),
    async sync({ mirror = {}, env = {} }, { impatient = false } = {}) {
      // Without a grace time, production has no files of earlier trees.
      site.configure({ publish: { grace: "0" }, mirrors: { m: mirror } });
      return runSync({ configFile: site.configFile, env, impatient });
    },
    production: () => readTree(site.join("www/m/current")),
    publicNames: () => readdirSync(site.join("www/m")).toSorted(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
