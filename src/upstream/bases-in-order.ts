import { finalError, UpstreamError } from "./errors.ts";
import { redactUrl } from "./redact.ts";
import type { GetResult } from "./request.ts";
import type { RetryEvent } from "./settings.ts";

/**
 * Asks the base URLs in their order until one has the file. It is absent only when all say so; where some could not
 * be asked, the first failure is thrown, because the file may be there. A wrong password is never passed over: the
 * administrator must learn of it.
 */
export async function inOrder(
  baseUrls: readonly string[],
  onRetry: (event: RetryEvent) => void,
  ask: (baseUrl: string) => Promise<GetResult>,
): Promise<GetResult> {
  let absent: GetResult | undefined;
  const errors: UpstreamError[] = [];
  for (const [index, baseUrl] of baseUrls.entries()) {
    try {
      const result = await ask(baseUrl);
      if (result.kind !== "absent") return result;
      absent ??= result;
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.code === "UNAUTHORIZED") throw error;
      errors.push(error);
      const next = baseUrls[index + 1];
      if (next !== undefined) {
        const reason = `${error.message}; asking ${redactUrl(next)} instead`;
        onRetry({ url: redactUrl(baseUrl), attempt: 1, waitMs: 0, reason });
      }
    }
  }
  const [first, ...others] = errors;
  if (first === undefined && absent !== undefined) return absent;
  if (first === undefined) throw new RangeError("an upstream needs at least one base URL");
  if (others.length === 0) throw first;
  throw finalError(first, `; and ${others.map((error) => error.message).join("; ")}`, {
    urls: baseUrls.map(redactUrl),
  });
}
