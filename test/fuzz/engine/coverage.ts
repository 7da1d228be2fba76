import { registerHooks } from "node:module";
import { instrument } from "./instrument.ts";

const edgesMax = 16_384;

/** The paths through the program that inputs have taken, with a rough count of each. */
export class Coverage {
  /** The number of passes of each edge since the last `reset`. */
  readonly #counts = new Uint32Array(edgesMax);
  /** One bit for each order of magnitude in which an edge was ever counted. */
  readonly #seen = new Uint8Array(edgesMax);
  readonly #words = new Set<string>();
  #edges = 0;

  /** Makes modules whose URL matches load with counters. Call it once in a thread, before any of them is loaded. */
  static ofModules(pattern: RegExp): Coverage {
    const coverage = new Coverage();
    Object.assign(globalThis, { fuzzEdges: coverage.#counts });
    registerHooks({
      load: (url, context, nextLoad) => {
        const loaded = nextLoad(url, context);
        if (!pattern.test(url) || !loaded.source) return loaded;
        const { source, edges } = instrument(textOf(loaded.source), url, coverage.#edges);
        coverage.#edges += edges;
        if (coverage.#edges > edgesMax) throw new RangeError(`more than ${edgesMax} edges: raise edgesMax`);
        return { ...loaded, source };
      },
    });
    return coverage;
  }

  reset(): void {
    this.#counts.fill(0, 0, this.#edges);
  }

  /** Records the edges since `reset`, and an outcome. Returns true if any of it is new. */
  add(word: string): boolean {
    let isNew = !this.#words.has(word);
    this.#words.add(word);
    for (let edge = 0; edge < this.#edges; edge += 1) {
      const count = this.#counts[edge] ?? 0;
      if (count === 0) continue;
      const seen = this.#seen[edge] ?? 0;
      const bit = 1 << magnitudeOf(count);
      if ((seen & bit) !== 0) continue;
      this.#seen[edge] = seen | bit;
      isNew = true;
    }
    return isNew;
  }

  /** Returns the numbers of the edges since `reset`, and the outcome. */
  features(word: string): ReadonlySet<string> {
    const found = new Set([word]);
    for (let edge = 0; edge < this.#edges; edge += 1) {
      if ((this.#counts[edge] ?? 0) > 0) found.add(String(edge));
    }
    return found;
  }

  /** The number of passes since `reset`: a clock that is the same on every machine. */
  steps(): number {
    let steps = 0;
    for (let edge = 0; edge < this.#edges; edge += 1) steps += this.#counts[edge] ?? 0;
    return steps;
  }

  /** The number of edges that were ever passed. */
  edges(): number {
    return this.#seen.reduce((sum, seen) => sum + Number(seen !== 0), 0);
  }
}

/**
 * Returns the class of a count: 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, more. A loop that runs twice differs
 * from one that runs once.
 */
function magnitudeOf(count: number): number {
  if (count < 4) return count - 1;
  if (count < 32) return 32 - Math.clz32(count);
  return count < 128 ? 6 : 7;
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source);
}
