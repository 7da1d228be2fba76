/**
 * Says how long a first sync takes from servers near and far: `node scripts/bench-distance.ts [EXECUTABLE ...]` runs
 * each in turn, so that two builds can be compared. The distance is a relay that holds back what goes through it.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { executable, temporaryDirectory } from "../test/support/index.ts";
import { secondsOfFirstSync, servePackages, writeConfiguration } from "./bench-sync.ts";

const packages = 1_000;
const roundTripsMs = [0, 20, 100];
const runs = 3;

const executables = process.argv.length > 2 ? process.argv.slice(2) : [executable];
await using directory = await temporaryDirectory("mirrorctl-bench-");
await using server = await servePackages(directory, packages);
for (const roundTripMs of roundTripsMs) {
  await using relay = await startRelay(Number(new URL(server.url).port), roundTripMs / 2);
  writeConfiguration(directory, relay.url);
  const seconds = new Map(executables.map((each): [string, number[]] => [each, []]));
  for (let run = 0; run < runs; run++) {
    for (const [each, times] of seconds) times.push(await secondsOfFirstSync(each, directory));
  }
  for (const [each, times] of seconds) {
    console.log(`${roundTripMs} ms: ${Math.min(...times).toFixed(1)} s for ${packages} packages, ${each}`);
  }
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
