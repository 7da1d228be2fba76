import { minimize } from "./minimize.ts";

/** A broken property, and a function that checks another input for it; undefined if that takes long. */
export interface Failure {
  readonly input: Uint8Array;
  readonly error: Error;
  readonly again: ((input: Uint8Array) => Promise<Error | undefined>) | undefined;
}

/** Long enough for most; finding the smallest input of all would exceed the limit of the test. */
const minimizingMs = 20_000;

/** Returns the same failure with a smaller input. */
export async function minimizeFailure(failure: Failure): Promise<Failure> {
  const { input, error, again } = failure;
  if (again === undefined) return failure;
  const failsAlike = async (other: Uint8Array): Promise<boolean> => {
    const found = await again(other);
    return found !== undefined && kindOf(found) === kindOf(error);
  };
  const end = performance.now() + minimizingMs;
  const smallest = await minimize(input, failsAlike, () => performance.now() < end);
  return { ...failure, input: smallest, error: (await again(smallest)) ?? error };
}

/** Returns name and message, without parts that depend on the input. */
const kindOf = ({ name, message }: Error): string =>
  `${name} ${message.split("\n", 1)[0]?.replaceAll(/"[^"]*"|[0-9]+/g, "")}`;

export async function errorFrom(run: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
