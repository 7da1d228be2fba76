/**
 * Relays TCP connections to a port of the loopback interface, and delays what goes through: a server that is far away.
 * `node bench/upstream/delay.ts PORT DELAY_MS` prints the port on which it listens, and ends with its standard input.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Bytes on their way in one direction of one connection, as the window of TCP bounds them. */
const bytesUnderwayMax = 4 << 20;

function relay(from: Socket, to: Socket, delayMs: number): void {
  let underway = 0;
  from.on("data", (bytes) => {
    underway += bytes.length;
    if (underway > bytesUnderwayMax) from.pause();
    setTimeout(() => {
      to.write(bytes, () => {
        underway -= bytes.length;
        if (underway <= bytesUnderwayMax / 2) from.resume();
      });
    }, delayMs);
  });
  from.on("error", () => to.destroy());
  from.on("close", () => void setTimeout(() => to.end(), delayMs));
}

const [port, delayMs] = process.argv.slice(2).map(Number);
if (port === undefined || delayMs === undefined) throw new Error("usage: delay.ts PORT DELAY_MS");
const listener = createServer({ noDelay: true }, (client) => {
  const server = connect({ port, host: "127.0.0.1", noDelay: true });
  relay(client, server, delayMs);
  relay(server, client, delayMs);
}).listen(0, "127.0.0.1");
await once(listener, "listening");
console.log((listener.address() as AddressInfo).port);
process.stdin.resume().once("end", () => process.kill(process.pid));
