/**
 * Says how long a first sync takes from servers near and far: `node scripts/bench-distance.ts [EXECUTABLE ...]` runs
 * each in turn, so that two builds can be compared. The distance is a relay that holds back what goes through it.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { promisify } from "node:util";
import {
  createSigningKey,
  executable,
  fakeUpstream,
  startNginx,
  temporaryDirectory,
} from "../test/support/index.ts";

const packages = 1_000;
const roundTripsMs = [0, 20, 100];
const runs = 3;

const executables = process.argv.length > 2 ? process.argv.slice(2) : [executable];
await using directory = await temporaryDirectory("mirrorctl-bench-");
await using server = await servePackages();
for (const roundTripMs of roundTripsMs) {
  await using relay = await startRelay(Number(new URL(server.url).port), roundTripMs / 2);
  writeConfiguration(relay.url);
  const seconds = new Map(executables.map((each): [string, number[]] => [each, []]));
  for (let run = 0; run < runs; run++) {
    for (const [each, times] of seconds) times.push(await secondsOfSync(each));
  }
  for (const [each, times] of seconds) {
    console.log(`${roundTripMs} ms: ${Math.min(...times).toFixed(1)} s for ${packages} packages, ${each}`);
  }
}

async function servePackages() {
  const key = await createSigningKey();
  const upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
  for (let index = 0; index < packages; index++) {
    const files = { "usr/share/filler": crypto.getRandomValues(new Uint8Array(20_000)) };
    upstream.suite("stable").addPackage(`package${index}`, "1.0-1", { files });
  }
  await upstream.publish();
  writeFileSync(directory.join("key.asc"), key.publicKeyArmored);
  return startNginx({ root: upstream.dir });
}

function writeConfiguration(url: string): void {
  const mirror = {
    url,
    suites: ["stable"],
    sections: ["main"],
    architectures: ["amd64"],
    pgp_key_path: "key.asc",
  };
  const lines = Object.entries(mirror).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const dir = `dir = "${directory.join("www")}"`;
  writeFileSync(directory.join("mirror.toml"), [dir, "[mirrors.m]", ...lines, ""].join("\n"));
}

async function secondsOfSync(program: string): Promise<number> {
  rmSync(directory.join("www"), { recursive: true, force: true });
  const begin = performance.now();
  await promisify(execFile)(program, ["--config", directory.join("mirror.toml"), "sync", "--quiet"]);
  return (performance.now() - begin) / 1_000;
}

async function startRelay(port: number, delayMs: number) {
  const relay = (from: Socket, to: Socket): void => {
    from.on("data", (bytes) => void setTimeout(() => to.write(bytes), delayMs));
    from.on("error", () => to.destroy());
    from.on("close", () => void setTimeout(() => to.end(), delayMs));
  };
  const listener = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port, host: "127.0.0.1", noDelay: true });
    relay(client, upstream);
    relay(upstream, client);
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await once(listener, "close");
    },
  };
}
