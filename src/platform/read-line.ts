/** Reads one line; undefined at the end of the input. Rejects with the signal's own reason once it is aborted. */
export async function readLine(
  input: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { createInterface } = await import("node:readline"); // which few commands need
  signal.throwIfAborted();
  const lines = createInterface({ input });
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  lines.once("line", resolve);
  lines.once("close", () => resolve(undefined));
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    lines.close(); // and pauses the input, so that the process can end
  }
}
