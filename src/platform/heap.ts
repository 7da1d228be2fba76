import { setFlagsFromString } from "node:v8";

const limited = "--semi-space-growth-factor=1 --heap-growing-percent=25";
/** What V8 has by itself. */
const usual = "--semi-space-growth-factor=2 --heap-growing-percent=0";

let isLimited = false;

/**
 * Keeps the heap small: the young generation stays as large as it is now, and the old one is collected when it has grown
 * by a quarter. A first sync takes a third less memory (docs/performance.md, "First sync").
 *
 * Not by arguments of the executable: with other flags than Node was built with, V8 refuses the code cache of Node's own
 * modules, and each start takes 8 ms longer. A limit of the young generation is read at the start only; its growth, each
 * time that it grows.
 */
export function limitHeap(): void {
  isLimited = true;
  setFlagsFromString(limited);
}

/** Loads something that has a code cache: V8 refuses one that was written with other flags than those of now. */
export function withUsualFlags<T>(load: () => T): T {
  if (!isLimited) return load();
  setFlagsFromString(usual);
  try {
    return load();
  } finally {
    setFlagsFromString(limited);
  }
}
