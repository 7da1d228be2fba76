import { shapeOf } from "./field-syntax.ts";

/** The names of the fields to keep, in lower case. */
export class WantedNames {
  readonly #names: ReadonlySet<string>;
  readonly #shapes: ReadonlySet<number>;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    this.#shapes = new Set(names.map((name) => shapeOf(name.length, name.charCodeAt(0))));
  }

  /** Returns the wanted name at this place of the text, where its case does not matter. */
  find(text: string, start: number, end: number): string | undefined {
    // Most fields of an index are not wanted. Length and first letter exclude nearly all of them without a new string.
    if (!this.#shapes.has(shapeOf(end - start, text.charCodeAt(start)))) return undefined;
    const name = text.slice(start, end).toLowerCase();
    return this.#names.has(name) ? name : undefined;
  }
}
