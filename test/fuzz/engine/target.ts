/** A reader that is fuzzed, and what must hold of it for every input. */
export interface FuzzTarget {
  readonly name: string;
  /** Words of the format, as latin1 text. */
  readonly dictionary: readonly string[];
  /** Throws where a property does not hold. The same input always has the same outcome. */
  readonly check: (input: Uint8Array) => Outcome | Promise<Outcome>;
  /** Somebody else who reads the same format. */
  readonly oracle?: {
    readonly open: () => Promise<Oracle>;
    /** How seldom to ask: of so many inputs that were accepted, one. */
    readonly askOneIn: number;
  };
}

/** What became of an input, in one of a few words: an input with a new one is kept. */
export interface Outcome {
  readonly kind: "accepted" | "refused";
  readonly word: string;
}

export interface Oracle extends AsyncDisposable {
  /** Throws where they do not agree with the reader on one of these, all of which the reader accepted. */
  readonly compare: (inputs: readonly Uint8Array[]) => Promise<void>;
}
