import { setFlagsFromString } from "node:v8";

/** What V8 has by itself. */
const usual = "--semi-space-growth-factor=2 --heap-growing-percent=0 --wasm-tiering-budget=13000000";
/**
 * The parser of HTTP is WebAssembly, which V8 compiles again, into faster code, after a few responses: that is a tenth of the
 * processor time of a sync that downloads one package. Ten times later, only many downloads pay for it.
 */
const optimizedLater = "--wasm-tiering-budget=130000000";
const limited = `--semi-space-growth-factor=1 --heap-growing-percent=40 ${optimizedLater}`;
const relaxed = `--semi-space-growth-factor=1 --heap-growing-percent=0 ${optimizedLater}`;
const tight = `--semi-space-growth-factor=1 --heap-growing-percent=25 ${optimizedLater}`;

let flags = usual;

/**
 * Keeps the heap small: the young generation stays as large as it is now, and the old one is collected when it has grown
 * by 40 percent. A first sync takes a third less memory (docs/performance.md, "First sync"). WebAssembly is optimized later.
 *
 * Not by arguments of the executable: with other flags than Node was built with, V8 refuses the code cache of Node's own
 * modules, and each start takes 8 ms longer. A limit of the young generation is read at the start only; its growth, each
 * time that it grows.
 */
export function limitHeap(): void {
  setFlags(limited);
}

/**
 * Keeps a limited heap smaller still: from now on, the old generation is collected when it has grown by a quarter. For many
 * downloads, which leave little behind: the collections cost less than they save. Reading indices would pay for them.
 */
export function tightenHeap(): void {
  if (flags === limited) setFlags(tight);
}

/**
 * Lets the old generation of a limited heap grow as V8 has it. For a run that reads much, keeps most of it and ends: the collections
 * would find little.
 */
export function relaxHeap(): void {
  if (flags === limited) setFlags(relaxed);
}

/** Loads something that has a code cache: V8 refuses one that was written with other flags than those of now. */
export function withUsualFlags<T>(load: () => T): T {
  if (flags === usual) return load();
  setFlagsFromString(usual);
  try {
    return load();
  } finally {
    setFlagsFromString(flags);
  }
}

function setFlags(chosen: string): void {
  flags = chosen;
  setFlagsFromString(flags);
}
