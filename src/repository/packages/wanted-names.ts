/** The names of the fields to keep, lower-case. */
export class WantedNames {
  readonly #names: ReadonlySet<string>;
  readonly #shapes: ReadonlySet<number>;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    this.#shapes = new Set(names.map((name) => shapeOf(name.length, name.charCodeAt(0))));
  }

  /** The wanted name that stands at this place of the text, in whatever case. */
  find(text: string, start: number, end: number): string | undefined {
    // Most fields of an index are others, and nearly all of them can be told before a string is made of the name.
    if (!this.#shapes.has(shapeOf(end - start, text.charCodeAt(start)))) return undefined;
    const name = text.slice(start, end).toLowerCase();
    return this.#names.has(name) ? name : undefined;
  }
}

/** A number that all spellings of a name have in common, and few other names. */
function shapeOf(length: number, firstCharCode: number): number {
  return length * 32 + (firstCharCode & 31);
}
