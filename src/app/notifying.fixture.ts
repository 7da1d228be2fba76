/** A mirror whose runs notify a receiver of messages. */
import { readFileSync } from "node:fs";
import { afterEach, beforeAll, beforeEach } from "vitest";
import {
  createSigningKey,
  createTestbed,
  type Receiver,
  type SigningKey,
  startReceiver,
  type Testbed,
} from "../../test/support/index.ts";
import { type CommandOutcome, type CommandSettings, runCommand } from "../../test/support/run-command.ts";

export const secret = `whsec_${Buffer.from("a key of thirty-two random bytes").toString("base64")}`;

/** A table of the configuration. Without a URL, its messages go to the receiver. */
export const webhook = { type: "webhook", secret };

type Table = Readonly<Record<string, unknown>>;

export interface NotifiedMirror {
  /** Has the mirror "noble", which is staged, and one package upstream. */
  readonly site: Testbed;
  readonly receiver: Receiver;
  /** Puts the tables into the configuration. */
  readonly notify: (...tables: readonly Table[]) => void;
  readonly run: (line: string, settings?: CommandSettings) => Promise<CommandOutcome>;
  /** Lets the clock go on, so that each snapshot has a name of its own. */
  readonly later: (minutes: number) => void;
  readonly breakUpstream: () => ReturnType<Testbed["server"]["fault"]>;
  readonly eventsReceived: () => readonly string[];
  /** The file of messages that wait. */
  readonly keptFile: () => string;
  readonly kept: () => { readonly queue: readonly { readonly message: { readonly id: string } }[] };
}

/** Makes one before each test of a file, and removes it after the test. */
export function mirrorOfEachTest(): NotifiedMirror {
  let key: SigningKey;
  let site: Testbed;
  let receiver: Receiver;
  let now = new Date();
  beforeAll(async () => {
    key = await createSigningKey();
  });
  beforeEach(async () => {
    now = new Date();
    receiver = await startReceiver();
    site = await createTestbed({ mirrors: { noble: { publish_to_staging: true } } }, { key });
    site.upstream.suite("stable").addPackage("tool", "1.0-1");
    await site.upstream.publish();
  });
  afterEach(async () => {
    await site[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });
  const keptFile = () => site.join("www", ".mirrorctl", "state", "notifications", "outbox.json");
  return {
    get site() {
      return site;
    },
    get receiver() {
      return receiver;
    },
    notify: (...tables) =>
      site.configure({
        mirrors: { noble: { publish_to_staging: true } },
        notify: tables.map((table) =>
          table["type"] === "command" || table["type"] === "email"
            ? table
            : { url: `${receiver.url}/hooks/T0KEN-of-a-hook`, ...table },
        ),
      }),
    run: (line, settings = {}) =>
      runCommand(["-c", site.configFile, ...line.split(" ")], { now: () => now, ...settings }),
    later: (minutes) => {
      now = new Date(now.getTime() + minutes * 60_000);
    },
    breakUpstream: () => site.server.fault({ path: /InRelease|Release/, status: 500 }),
    eventsReceived: () => receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type),
    keptFile,
    kept: () => JSON.parse(readFileSync(keptFile(), "utf8")) as ReturnType<NotifiedMirror["kept"]>,
  };
}
