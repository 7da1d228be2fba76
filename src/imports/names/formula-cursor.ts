/** A place in the text of a formula. White space before the next sign is passed over. */
export class FormulaCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.rest() === "";
  }

  /** Passes a sign if it comes next. */
  take(sign: string): boolean {
    const isNext = this.rest().startsWith(sign);
    if (isNext) this.skip(sign.length);
    return isNext;
  }

  /** What is still to be read, from its first character that is not white space. */
  rest(): string {
    while (/^\s$/.test(this.#text.charAt(this.#at))) this.#at += 1;
    return this.#text.slice(this.#at);
  }

  skip(characters: number): void {
    this.#at += characters;
  }
}
