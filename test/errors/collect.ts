import { MirrorctlError } from "../../src/errors.ts";
import { describeError, exitStatusOf } from "../../src/report/errors.ts";
import { examples } from "./examples/index.ts";
import { closeSigners } from "./examples/trust.ts";
import { steadyText } from "./steady-text.ts";

/** An error as a user sees it. */
export interface ShownError {
  /** area/CODE */
  readonly code: string;
  readonly exitStatus: number;
  readonly message: string;
  /** What the message lists, and what to do. */
  readonly items: readonly string[];
  readonly hint: string | undefined;
}

const atOnce = 4;

/** Raises the error of each example, and returns them in the order of their codes. */
export async function raiseAll(): Promise<readonly ShownError[]> {
  const waiting = Object.keys(examples).toSorted();
  const shown: ShownError[] = [];
  const work = async (): Promise<void> => {
    for (let code = waiting.shift(); code !== undefined; code = waiting.shift())
      shown.push(await raise(code));
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    closeSigners();
  }
  return shown.toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

async function raise(code: string): Promise<ShownError> {
  const error = await errorOf(code);
  if (!(error instanceof MirrorctlError))
    throw new Error(`the example of ${code} ends with another error`, { cause: error });
  return {
    code: `${error.area}/${error.code}`,
    exitStatus: exitStatusOf(error),
    message: steadyText(describeError(error, false).message),
    items: error.items.map(steadyText),
    hint: error.hint === undefined ? undefined : steadyText(error.hint),
  };
}

async function errorOf(code: string): Promise<unknown> {
  try {
    await examples[code]?.();
  } catch (error) {
    return error;
  }
  throw new Error(`the example of ${code} raises no error`);
}
