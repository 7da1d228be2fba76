import { Random } from "../../support/random.ts";
import { Comparison } from "./comparison.ts";
import type { Coverage } from "./coverage.ts";
import { errorFrom, type Failure, minimizeFailure } from "./failure.ts";
import { checkGrowth, GrowthError, repeatPart } from "./growth.ts";
import { mutate } from "./mutate.ts";
import type { FuzzTarget } from "./target.ts";

export interface CampaignOptions {
  readonly target: FuzzTarget;
  readonly coverage: Coverage;
  readonly seed: number;
  /** First inputs, made by people to show something. The oracle checks all accepted ones. */
  readonly given: readonly Uint8Array[];
  /** First inputs that former runs found. */
  readonly found: readonly Uint8Array[];
  /** Called between executions with their number, once the first inputs were checked. */
  readonly isOver: (executions: number) => boolean;
  /** Called with each input before it is checked, and with undefined when none is being checked. */
  readonly running: (input?: Uint8Array) => void;
  /** Called with each input that is worth keeping. */
  readonly keep: (input: Uint8Array) => void;
  /** Called with an input that breaks a property, and again with a smaller one. The campaign then ends. */
  readonly failed: (input: Uint8Array, error: Error) => void;
}

/** The origin of an input: people, former runs, or this campaign. */
type Origin = "given" | "found" | "made";

export interface CampaignResult {
  readonly executions: number;
  readonly accepted: number;
  /** The number of inputs that the oracle checked. */
  readonly compared: number;
  readonly hasFailed: boolean;
}

/** Most inputs are short, because those are fast to try. */
const charsMax = 1_024;
const charsMaxOfFew = 8_192;
const fewOneIn = 16;
const measureGrowthOneIn = 500;

/**
 * Checks the corpus, then mutations of it, until the time is over or one fails. The seed determines everything else.
 */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  await using comparison = await Comparison.with(options.target);
  return await new Campaign(options, comparison).run();
}

class Campaign {
  readonly #options: CampaignOptions;
  readonly #comparison: Comparison;
  readonly #random: Random;
  /** Latin1 text: strings are cheaper to cut and join than buffers. */
  readonly #corpus: string[] = [];
  #executions = 0;
  #accepted = 0;

  constructor(options: CampaignOptions, comparison: Comparison) {
    this.#options = options;
    this.#comparison = comparison;
    this.#random = new Random(options.seed);
  }

  async run(): Promise<CampaignResult> {
    const { failed, running } = this.#options;
    const failure = (await this.#checkCorpus()) ?? (await this.#checkMutations());
    if (failure !== undefined) {
      failed(failure.input, failure.error);
      const smaller = await minimizeFailure(failure);
      failed(smaller.input, smaller.error);
    }
    running();
    const { compared } = this.#comparison;
    const hasFailed = failure !== undefined;
    return { executions: this.#executions, accepted: this.#accepted, compared, hasFailed };
  }

  async #checkCorpus(): Promise<Failure | undefined> {
    const { given, found } = this.#options;
    const inputs = [Buffer.alloc(0), ...given, ...found];
    for (const [index, input] of inputs.entries()) {
      const origin = index <= given.length ? "given" : "found";
      const failure = (await this.#check(input, origin)) ?? (await this.#compareIfDue());
      if (failure !== undefined) return failure;
    }
    return await this.#compare();
  }

  async #checkMutations(): Promise<Failure | undefined> {
    while (!this.#options.isOver(this.#executions)) {
      const failure = this.#random.isOneIn(measureGrowthOneIn)
        ? await this.#measureGrowth()
        : ((await this.#check(this.#mutated(), "made")) ?? (await this.#compareIfDue()));
      if (failure !== undefined) return failure;
    }
    return await this.#compare();
  }

  #mutated(): Uint8Array {
    const source = {
      random: this.#random,
      dictionary: this.#options.target.dictionary,
      other: () => this.#random.pick(this.#corpus),
      charsMax: this.#random.isOneIn(fewOneIn) ? charsMaxOfFew : charsMax,
    };
    return Buffer.from(mutate(this.#pickParent(), source), "latin1");
  }

  /** Prefers what was found last, which was tried least, and of two the shorter one. */
  #pickParent(): string {
    const corpus = this.#random.isOneIn(2) ? this.#corpus : this.#corpus.slice(-20);
    const [one, other] = [this.#random.pick(corpus), this.#random.pick(corpus)];
    return one.length < other.length || this.#random.isOneIn(4) ? one : other;
  }

  async #check(input: Uint8Array, origin: Origin): Promise<Failure | undefined> {
    const { coverage, running, keep } = this.#options;
    this.#executions += 1;
    running(input);
    coverage.reset();
    const error = await errorFrom(async () => {
      const { kind, word } = await this.#options.target.check(input);
      const isNew = coverage.add(`${kind} ${word}`) && origin === "made";
      if (kind === "accepted") this.#take(input, isNew || origin === "given");
      if (isNew || origin !== "made") this.#corpus.push(latin1Of(input));
      if (isNew) keep(input);
    });
    return error && { input, error, again: (other) => this.#checkAgain(other) };
  }

  async #checkAgain(input: Uint8Array): Promise<Error | undefined> {
    this.#options.running(input);
    return await errorFrom(async () => this.#options.target.check(input));
  }

  #take(input: Uint8Array, isNotable: boolean): void {
    this.#accepted += 1;
    const { oracle } = this.#options.target;
    const isAsked = oracle !== undefined && (isNotable || this.#random.isOneIn(oracle.askOneIn));
    if (isAsked) this.#comparison.add(input);
  }

  async #compareIfDue(): Promise<Failure | undefined> {
    return this.#comparison.isDue ? await this.#compare() : undefined;
  }

  async #compare(): Promise<Failure | undefined> {
    this.#options.running();
    return await this.#comparison.compare();
  }

  async #measureGrowth(): Promise<Failure | undefined> {
    const { target, coverage, running } = this.#options;
    const inputOf = repeatPart(this.#random.pick(this.#corpus), target.dictionary, this.#random);
    let input = Buffer.alloc(0);
    const error = await errorFrom(() =>
      checkGrowth(target, coverage, inputOf, (measured) => {
        input = Buffer.from(measured);
        running(measured);
      }),
    );
    const again = (other: Uint8Array): Promise<Error | undefined> => this.#checkAgain(other);
    return error && { input, error, again: error instanceof GrowthError ? undefined : again };
  }
}

const latin1Of = (input: Uint8Array): string => Buffer.from(input).toString("latin1");
