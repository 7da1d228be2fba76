/** Shows the workflow from `sync` to `rollback` with a sample upstream on this machine. Fails if a step goes wrong. */
import { mkdir } from "node:fs/promises";
import { temporaryDirectory } from "../test/support/index.ts";
import { type Clients, createClients, type Machine, machines } from "./demo/clients.ts";
import { createSampleUpstream } from "./demo/sample-upstream.ts";
import { createTerminal, type Terminal } from "./demo/terminal.ts";
import { serveMirror } from "./demo/web-server.ts";

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => stop.abort(new Error(`${name} ended it`)));
}

try {
  await demonstrate(stop.signal);
} catch (error) {
  const reason = stop.signal.aborted ? stop.signal.reason : error;
  console.error(`\nThe demonstration stopped: ${reason instanceof Error ? reason.message : String(reason)}`);
  process.exitCode = 1;
}

async function demonstrate(signal: AbortSignal): Promise<void> {
  await using directory = await temporaryDirectory("mirrorctl-demo-");
  const dir = directory.join("www", "apt");
  await mkdir(dir, { recursive: true });
  await using upstream = await createSampleUpstream(directory.join("upstream"));
  await using web = await serveMirror(dir);
  const terminal = createTerminal(directory.path, signal);
  const clients = await createClients(directory.join("clients"), web.url, upstream.key);
  const see = (machine: Machine, version: string) => showCandidate(terminal, clients, machine, version);

  terminal.heading("A mirror of a sample upstream");
  terminal.say(
    `The upstream, at ${upstream.url}, is a signed repository made for this demonstration.`,
    `The mirror is served by ${web.server} at ${web.url}.`,
    `Everything is below ${directory.path} and is removed at the end.`,
    "MIRRORCTL_CONFIG names this configuration:",
  );
  await upstream.release("3.1.4-1");
  await terminal.showConfiguration(upstream.configuration(dir, directory.join("lib", "snapshots")));
  await terminal.mirrorctl(["check", "config"]);

  terminal.heading("1. Sync: download, verify, freeze as a snapshot, stage");
  await terminal.mirrorctl(["sync", "example"]);
  await terminal.list(`${dir}/example`);

  terminal.heading("2. Promote: production begins to exist");
  await terminal.mirrorctl(["snapshot", "promote", "example", "--reason", "first release"]);
  terminal.say(`What machines would install (${clients.how}):`);
  await see("web-1", "3.1.4-1");
  await see("web-2", "3.1.4-1");

  terminal.heading("3. Upstream releases backup-agent 3.2.0-1; a sync stages it, production stays");
  await upstream.release("3.2.0-1");
  await terminal.untilNextSecond();
  await terminal.mirrorctl(["sync", "example"]);
  await terminal.mirrorctl(["snapshot", "list", "example"]);
  terminal.say("The test machine reads staging, the others read current:");
  await see("test-1", "3.2.0-1");
  await see("web-1", "3.1.4-1");

  terminal.heading("4. Promote what was tested");
  await terminal.mirrorctl(["snapshot", "promote", "example", "--reason", "tested on test-1"]);
  await terminal.list(`${dir}/example`);
  terminal.say("web-1 updates, web-2 does not:");
  await see("web-1", "3.2.0-1");

  terminal.heading("5. Roll back: 3.2.0-1 turns out to be bad");
  await terminal.mirrorctl(["snapshot", "rollback", "example", "--reason", "agents crash at start"]);
  await terminal.list(`${dir}/example`);
  terminal.say("web-2 never sees it:");
  await see("web-2", "3.1.4-1");
  if (clients.forgetLists !== undefined) {
    terminal.say(
      "web-1 has read the newer Release, and apt does not go back to an older one by itself, as the",
      "warning says. It does so after rm -r /var/lib/apt/lists/*:",
    );
    await clients.forgetLists("web-1");
    await see("web-1", "3.1.4-1");
  }

  terminal.heading("6. An upstream that somebody tampered with");
  await upstream.tamper();
  await terminal.mirrorctl(["sync", "example"], {
    exitStatus: 1,
    output: "PGP signature verification failed",
  });
  terminal.say("Clients do not notice it:");
  await see("test-1", "3.2.0-1");
  await see("web-2", "3.1.4-1");

  terminal.heading("7. The state now, and its history");
  await terminal.mirrorctl(["status", "example"]);
  await terminal.mirrorctl(["history", "example"]);
  terminal.say("Every step ended as expected.");
}

/** Shows the version that a machine would install. Throws unless it is the wanted one. */
async function showCandidate(
  terminal: Terminal,
  clients: Clients,
  machine: Machine,
  wanted: string,
): Promise<void> {
  const found = await clients.candidateOf(machine, "backup-agent");
  terminal.fact(`${machine} (${machines[machine]}): backup-agent ${found}`);
  if (found !== wanted) throw new Error(`${machine} should see backup-agent ${wanted}, but sees ${found}`);
}
