import { setFlagsFromString } from "node:v8";

/**
 * Keeps the heap small: the young generation stays as large as it is now, and the old one is collected when it has grown
 * by a quarter. A first sync takes a third less memory (docs/performance.md, "First sync").
 *
 * Not by arguments of the executable: with other flags than Node was built with, V8 refuses the code cache of Node's own
 * modules, and each start takes 8 ms longer. A limit of the young generation is read at the start only; its growth, each
 * time that it grows.
 */
export function limitHeap(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=25");
}
