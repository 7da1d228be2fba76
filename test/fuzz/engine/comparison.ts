import { errorFrom, type Failure } from "./failure.ts";
import type { FuzzTarget, Oracle } from "./target.ts";

const atOnce = 16;

/** Checks inputs with the oracle of a target, several at a time. */
export class Comparison implements AsyncDisposable {
  readonly #target: FuzzTarget;
  readonly #oracle: Oracle | undefined;
  #waiting: Uint8Array[] = [];
  #compared = 0;

  private constructor(target: FuzzTarget, oracle: Oracle | undefined) {
    this.#target = target;
    this.#oracle = oracle;
  }

  static async with(target: FuzzTarget): Promise<Comparison> {
    return new Comparison(target, await target.oracle?.open());
  }

  get compared(): number {
    return this.#compared;
  }

  get isDue(): boolean {
    return this.#waiting.length >= atOnce;
  }

  /** Adds an input. Call it only with accepted inputs. */
  add(input: Uint8Array): void {
    if (this.#oracle !== undefined) this.#waiting.push(input);
  }

  /** Returns the first added input on which the oracle does not agree. */
  async compare(): Promise<Failure | undefined> {
    const inputs = this.#waiting;
    this.#waiting = [];
    this.#compared += inputs.length;
    if (inputs.length === 0) return undefined;
    const errorOfAll = await this.#ask(inputs);
    if (errorOfAll === undefined) return undefined;
    for (const input of inputs) {
      const error = await this.#ask([input]);
      if (error !== undefined) return { input, error, again: (other) => this.#askIfAccepted(other) };
    }
    throw errorOfAll;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#oracle?.[Symbol.asyncDispose]();
  }

  async #ask(inputs: readonly Uint8Array[]): Promise<Error | undefined> {
    return await errorFrom(async () => this.#oracle?.compare(inputs));
  }

  async #askIfAccepted(input: Uint8Array): Promise<Error | undefined> {
    const { kind } = await this.#target.check(input);
    return kind === "accepted" ? await this.#ask([input]) : undefined;
  }
}
