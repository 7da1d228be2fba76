/** A parser that is fuzzed, and the properties that must hold for every input. */
export interface FuzzTarget {
  readonly name: string;
  /** Words of the format, as latin1 text. */
  readonly dictionary: readonly string[];
  /** Throws if a property does not hold. The same input always has the same outcome. */
  readonly check: (input: Uint8Array) => Outcome | Promise<Outcome>;
  /** Returns how much processor time was used so far, in place of that of this thread. A test counts instead. */
  readonly usedMs?: () => number;
  /** Another program that reads the same format. */
  readonly oracle?: {
    readonly open: () => Promise<Oracle>;
    /** The oracle checks one of this many accepted inputs. */
    readonly askOneIn: number;
  };
}

/** The outcome of an input, one of a few words. An input with a new outcome is kept. */
export interface Outcome {
  readonly kind: "accepted" | "refused";
  readonly word: string;
}

export interface Oracle extends AsyncDisposable {
  /** Throws if the oracle does not agree with the parser on one of these, all of which the parser accepted. */
  readonly compare: (inputs: readonly Uint8Array[]) => Promise<void>;
}
