import type { Client, Dispatcher } from "undici";
import { type Carrier, type Outgoing, Passage } from "./passage.ts";
import type { Pipelining } from "./pipelining.ts";

/** Called by `open` with the client whose connection comes and goes. */
export type Watch = (client: Client) => void;

/**
 * One connection, which is opened again after it has ended, and the requests under way on it, in order. When it ends, undici
 * fails the first of them and would send all others on the next connection at once. They are taken back instead, and their
 * senders decide.
 */
export class Connection implements Carrier {
  readonly pipelining: Pipelining;
  readonly #dispatcher: Dispatcher;
  readonly #onRoom: () => void;
  readonly #underWay = new Set<Passage>();
  /** A sum that is kept, because every request compares all connections by it. */
  #pendingBytes = 0;
  /** Since the connection was opened. */
  #answers = 0;
  #isBroken = false;

  constructor(open: (watch: Watch) => Dispatcher, pipelining: Pipelining, onRoom: () => void) {
    this.pipelining = pipelining;
    this.#onRoom = onRoom;
    this.#dispatcher = open((client) => {
      client.on("connect", () => {
        this.#isBroken = false;
      });
      client.on("disconnect", () => this.#takeBack());
    });
  }

  get count(): number {
    return this.#underWay.size;
  }

  /** True if it has answered, so that it is open and kept open. */
  get isProven(): boolean {
    return this.#answers > 0;
  }

  /** How many bytes come before the response to another request. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  send(request: Outgoing): void {
    const { rules } = this.pipelining;
    const isBehind = this.#underWay.size > 0;
    const passage = new Passage(this, request, isBehind);
    this.#underWay.add(passage);
    this.#pendingBytes += passage.sizeBytes;
    if (isBehind) for (const each of this.#underWay) each.isShared = true;
    // undici starts this timeout after the responses before it, not when the request is sent.
    const { headersTimeout } = request.options;
    const patience = isBehind
      ? { headersTimeout: Math.min(rules.patienceMs, headersTimeout ?? Infinity) }
      : {};
    // `blocking` would keep undici from pipelining.
    this.#dispatcher.dispatch({ ...request.options, blocking: false, ...patience }, passage);
  }

  async destroy(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  ended(passage: Passage): void {
    this.#remove(passage);
    this.#answers += 1;
    this.#onRoom();
  }

  lost(passage: Passage, why: string): void {
    this.#remove(passage);
    if (passage.isShared && !passage.isAborted && !this.#isBroken) {
      this.#isBroken = true;
      this.pipelining.broke(why, passage.tell);
    }
    if (passage.isAborted) this.#isBroken = true; // by the caller: not the server's fault
    this.#onRoom();
  }

  #remove(passage: Passage): void {
    if (!this.#underWay.delete(passage)) return;
    // One of unknown size is alone, and counts as infinite.
    this.#pendingBytes = this.#underWay.size === 0 ? 0 : this.#pendingBytes - passage.sizeBytes;
  }

  #takeBack(): void {
    this.#answers = 0;
    for (const passage of this.#underWay) passage.takeBack();
  }
}
