import type { ConnectionPools } from "../upstream/index.ts";

/** Connections to upstreams, opened when the first run asks for one. */
export class SharedConnections implements AsyncDisposable {
  #pools: ConnectionPools | undefined;

  async pools(): Promise<ConnectionPools> {
    const { createConnectionPools } = await import("../upstream/index.ts");
    this.#pools ??= createConnectionPools();
    return this.#pools;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pools?.close();
  }
}
