/** The file that is taken cannot be read. The store is not to blame, and the file is downloaded instead. */
export class UnreadableSource extends Error {
  /** Of the operating system. */
  readonly code: string;

  constructor(code: string, cause: unknown) {
    super(`the file cannot be read: ${code}`, { cause });
    this.code = code;
  }
}

/** Does what concerns the file that is taken and nothing else on disk. */
export function ofSource<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw asUnreadable(error);
  }
}

/** The same for steps. */
export function* stepsOfSource<Result>(
  steps: Generator<number, Result, undefined>,
): Generator<number, Result, undefined> {
  try {
    return yield* steps;
  } catch (error) {
    throw asUnreadable(error);
  }
}

const asUnreadable = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? new UnreadableSource(String(error.code), error) : error;
