import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, inTurn } from "../measure/run-measured.ts";
import { suite } from "../upstream/upstream.ts";
import { type Assignment, connections, type Tool } from "./tool.ts";

export interface Aptly extends Tool {
  /** Shows a first snapshot; needed once before `updateAndPublish`. */
  readonly publishFirst: Command;
  /** Updates, makes a snapshot and shows it, as mirrorctl does with snapshots and staging. */
  updateAndPublish(): Command;
}

/** Publishes metadata of its own; here without a signature, which makes it faster. */
export function aptly({ dir, url, keyFile }: Assignment): Aptly {
  const configFile = join(dir, "aptly.conf");
  const run = (...args: readonly string[]): Command => ({
    argv: ["aptly", `-config=${configFile}`, ...args],
  });
  const keyring = `-keyring=${keyFile("gpg")}`;
  const update = run("mirror", "update", keyring, "m");
  const published = ["-skip-signing", "-skip-contents"];
  let snapshots = 0;
  const snapshot = (): Command => run("snapshot", "create", `s${++snapshots}`, "from", "mirror", "m");
  return {
    name: "aptly",
    setUp() {
      const settings = {
        rootDir: join(dir, "aptly"),
        downloadConcurrency: connections,
        architectures: ["amd64"],
        gpgProvider: "gpg",
      };
      writeFileSync(configFile, JSON.stringify(settings));
    },
    firstSync: inTurn([run("mirror", "create", keyring, "m", url, suite, "main"), update]),
    update,
    publishFirst: inTurn([
      snapshot(),
      run("publish", "snapshot", ...published, `-distribution=${suite}`, "s1"),
    ]),
    updateAndPublish: () =>
      inTurn([update, snapshot(), run("publish", "switch", ...published, suite, `s${snapshots}`)]),
  };
}
