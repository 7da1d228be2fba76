import type { Dispatcher } from "undici";
import { Connection, type Watch } from "./connection.ts";
import type { ConnectionLimit, Member } from "./connection-limit.ts";
import type { Outgoing } from "./passage.ts";
import { Pipelining, type PipeliningRules } from "./pipelining.ts";

export interface PoolOptions {
  /** How many connections may be open at a time, with those of the other pools of `limit`. */
  readonly maxConns: number;
  readonly limit: ConnectionLimit;
  readonly pipelining: PipeliningRules;
  /** Makes a dispatcher of one connection. */
  readonly open: (watch: Watch) => Dispatcher;
}

/**
 * The connections to one origin, and the requests that wait for them, in order. Each connection gets one request before any
 * gets a second. `Pipelining` decides which may have more.
 */
export class ConnectionPool implements Member {
  readonly #options: PoolOptions;
  readonly #pipelining: Pipelining;
  readonly #connections: Connection[] = [];
  readonly #waiting = new Set<Outgoing>();
  #isPumping = false;
  #isDestroyed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#pipelining = new Pipelining(options.pipelining);
    options.limit.join(this);
  }

  get size(): number {
    return this.#connections.length;
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** How many requests keep every connection busy. */
  get requestsAtOnce(): number {
    const { maxConns } = this.#options;
    const { state, rules } = this.#pipelining;
    if (state === "off") return maxConns;
    return state === "trial" ? maxConns + 1 : maxConns * rules.depth;
  }

  send(request: Outgoing): void {
    this.#waiting.add(request);
    this.#pump();
  }

  /** Ends all connections. Requests under way fail, and those that wait. */
  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    this.pumpSoon();
    await Promise.all(this.#connections.map((connection) => connection.destroy()));
  }

  /** Not at once: undici is within a response, and the caller has not judged it yet. */
  pumpSoon(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => {
      this.#isPumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    const reserved = new Set<Connection>();
    this.#giveUpWhatIsOwed(reserved);
    for (const request of this.#waiting) {
      const isAwaited = !request.handler.isSettled;
      const connection = isAwaited ? this.#connectionFor(request, reserved) : undefined;
      if (connection !== undefined || !isAwaited) {
        this.#waiting.delete(request);
        connection?.send(request);
        continue;
      }
      if (request.pipelinedBytes !== undefined) return;
      // It needs a connection without others: one is left to run empty, and later requests go to the others.
      const next = this.#leastBusy((candidate) => !reserved.has(candidate));
      if (next === undefined) return;
      reserved.add(next);
    }
  }

  #connectionFor({ pipelinedBytes }: Outgoing, reserved: ReadonlySet<Connection>): Connection | undefined {
    const free =
      this.#connections.find((one) => isIdle(one) && one.isProven) ?? this.#connections.find(isIdle);
    if (free !== undefined) return free;
    const { limit, maxConns } = this.#options;
    if (this.#isDestroyed || limit.take(this, maxConns)) return this.#open();
    return pipelinedBytes === undefined ? undefined : this.#connectionWithRoom(reserved);
  }

  #connectionWithRoom(reserved: ReadonlySet<Connection>): Connection | undefined {
    const { state, rules } = this.#pipelining;
    if (state === "off") return undefined;
    if (state === "trial" && this.#connections.some(({ count }) => count > 1)) return undefined;
    return this.#leastBusy(
      (candidate) =>
        candidate.isProven &&
        candidate.count < rules.depth &&
        candidate.pendingBytes <= rules.roomBytes &&
        !reserved.has(candidate),
    );
  }

  #leastBusy(isFit: (candidate: Connection) => boolean): Connection | undefined {
    let least: Connection | undefined;
    for (const connection of this.#connections) {
      const isLess = least === undefined || connection.pendingBytes < least.pendingBytes;
      if (isLess && isFit(connection)) least = connection;
    }
    return least;
  }

  #open(): Connection {
    const connection = new Connection(this.#options.open, this.#pipelining, () => this.pumpSoon());
    this.#connections.push(connection);
    if (this.#isDestroyed) void connection.destroy();
    return connection;
  }

  /** Ends a connection that another pool needs. If all are busy, one is left to run empty. */
  #giveUpWhatIsOwed(reserved: Set<Connection>): void {
    if (!this.#options.limit.isOwed(this)) return;
    const next = this.#connections.find(({ count }) => count === 0) ?? this.#leastBusy(() => true);
    if (next === undefined) return;
    if (next.count === 0) void this.#giveUp(next);
    else reserved.add(next);
  }

  async #giveUp(connection: Connection): Promise<void> {
    this.#connections.splice(this.#connections.indexOf(connection), 1);
    await connection.destroy();
    this.#options.limit.release(this);
  }
}

const isIdle = ({ count }: Connection): boolean => count === 0;
