/** A pool of connections, as another pool of the same server sees it. */
export interface Member {
  /** How many connections it has. */
  readonly size: number;
  /** True if requests wait in it. */
  readonly isWaiting: boolean;
  /** Lets it look again what it can send, and what it has to give up. */
  pumpSoon(): void;
}

/**
 * Counts the connections to one server. Several pools lead there if mirrors have other TLS settings, and `max_conns` is a
 * promise to the server: a pool without a connection gets one that another pool gives up.
 */
export class ConnectionLimit {
  readonly #members = new Set<Member>();
  #open = 0;

  join(member: Member): void {
    this.#members.add(member);
  }

  /** Returns whether a pool may open another connection. Otherwise the other pools look what they can give up. */
  take(member: Member, maxConns: number): boolean {
    if (this.#open < maxConns) {
      this.#open += 1;
      return true;
    }
    for (const other of this.#members) if (other !== member && other.size > 0) other.pumpSoon();
    return false;
  }

  /** Called when a connection that `giver` gave up has ended. The pool with the fewest connections comes first. */
  release(giver: Member): void {
    this.#open -= 1;
    this.#members.delete(giver);
    this.#members.add(giver); // the last among equals
    const hungry = [...this.#members].filter(({ isWaiting }) => isWaiting);
    for (const member of hungry.toSorted((a, b) => a.size - b.size)) member.pumpSoon();
  }

  /** Returns whether a pool has to give up a connection, so that the pools which need some share them evenly. */
  isOwed(member: Member): boolean {
    return this.#members
      .values()
      .some(
        (other) =>
          other !== member &&
          other.isWaiting &&
          (!member.isWaiting || other.size === 0 || other.size + 1 < member.size),
      );
  }
}
