import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import {
  type ArmedFault,
  createTestbed,
  type Fault,
  readTree,
  type StaticServer,
  serveDirectory,
} from "../../support/index.ts";
import type { Surroundings } from "./case.ts";
import type { Repository, StateName } from "./repository.ts";
import { runSync, type SyncRun } from "./run-sync.ts";

/** A site for one case: its upstream has one repository, in one of its states. */
export interface CaseSite extends AsyncDisposable {
  readonly server: StaticServer;
  /** Arms a fault of the server until `endFaults`. */
  fault(fault: Fault): ArmedFault;
  endFaults(): void;
  /** Changes the repository to a state. */
  show(state: StateName): void;
  /** Returns the file that the server has at a path. */
  bytesAt(path: string): Buffer;
  /** Writes a file beside the configuration. Returns its path. */
  write(name: string, text: string): string;
  /** Starts another server of the same files, which ends with the site. */
  serveAgain(): Promise<StaticServer>;
  /** Disposes of a resource when the site ends. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource;
  sync(surroundings: Surroundings, options?: { readonly impatient?: boolean }): Promise<SyncRun>;
  /** Returns what clients see in production. */
  production(): Promise<ReadonlyMap<string, string>>;
  /** Returns the modification time of a file in production. */
  modifiedAt(path: string): Date;
  /** Returns the names at the top of the mirror's public directory. */
  publicNames(): readonly string[];
}

export async function openCaseSite(repository: Repository): Promise<CaseSite> {
  await using resources = new AsyncDisposableStack();
  const inner = resources.use(await createTestbed({}, { prefix: "mirrorctl-servers-", key: repository.key }));
  const { server } = inner;
  const upstreamDir = inner.upstream.dir;
  const faults: ArmedFault[] = [];
  const owned = resources.move();
  return {
    server,
    fault(fault) {
      const armed = server.fault(fault);
      faults.push(armed);
      return armed;
    },
    endFaults() {
      for (const armed of faults) armed.disarm();
    },
    show: (state) => repository.show(state, upstreamDir),
    bytesAt: (path) => readFileSync(`${upstreamDir}${path}`),
    write(name, text) {
      writeFileSync(inner.join(name), text);
      return inner.join(name);
    },
    serveAgain: async () => owned.use(await serveDirectory(upstreamDir)),
    use: (resource) => owned.use(resource),
    async sync({ mirror = {}, env = {} }, { impatient = false } = {}) {
      // Without a grace time, production has no files of earlier trees.
      inner.configure({ publish: { grace: "0" }, mirrors: { m: mirror } });
      return runSync({ configFile: inner.configFile, env, impatient });
    },
    production: () => readTree(inner.join("www/m/current")),
    modifiedAt: (path) => statSync(inner.join(`www/m/current${path}`)).mtime,
    publicNames: () => readdirSync(inner.join("www/m")).toSorted(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
