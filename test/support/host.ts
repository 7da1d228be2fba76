import { tmpdir, userInfo } from "node:os";
import type { Host } from "../../src/platform/machine/host.ts";

/** Makes the host of a run in this process: an empty environment, no terminal, and pauses that end at once. */
export function createHost(settings: Partial<Host> = {}): Host {
  const silent = { isTerminal: false, columns: 80, write: () => undefined };
  return {
    env: {},
    homeDir: "/nonexistent",
    tempDir: tmpdir(),
    who: "ada",
    uid: userInfo().uid,
    pid: 42,
    becomeUser: ({ name }) => {
      throw new Error(`a test is run by root, and its directory belongs to ${name}`);
    },
    signalGroup: (groupId, name) => void process.kill(-groupId, name),
    signal: new AbortController().signal,
    limitHeap: () => Promise.resolve(),
    now: () => new Date(),
    pause: () => Promise.resolve(),
    stdin: { isTerminal: false, readLine: () => Promise.resolve(undefined) },
    stdout: silent,
    stderr: silent,
    ...settings,
  };
}
