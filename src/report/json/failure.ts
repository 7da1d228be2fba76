import { codeOf, itemsOf, messageOf } from "../errors.ts";

/** An error in words, with its code and all that it lists. */
export function withFailure<Result extends { readonly error: unknown }>(result: Result) {
  const items = itemsOf(result.error);
  return {
    ...result,
    error: messageOf(result.error),
    code: codeOf(result.error),
    ...(items.length === 0 ? {} : { items }),
  };
}
