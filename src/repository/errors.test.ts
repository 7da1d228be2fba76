import { describe, expect, test } from "vitest";
import { locateError, RepositoryError } from "./errors.ts";

describe("an error with its place", () => {
  test("names it in message and facts, and becomes the cause", () => {
    const error = new RepositoryError("FIELD_MALFORMED", "not a size", { facts: { size: "x" } });
    expect(locateError(error, "Packages:7")).toMatchObject({
      code: "FIELD_MALFORMED",
      message: "Packages:7: not a size",
      facts: { place: "Packages:7", size: "x" },
      hint: undefined,
      cause: error,
    });
  });

  test("keeps its own hint, or has the usual one", () => {
    const hinted = new RepositoryError("DIGEST_MISSING", "none", { hint: "its own" });
    expect(locateError(hinted, "Packages:7", "the usual")).toMatchObject({ hint: "its own" });
    const bare = new RepositoryError("DIGEST_MISSING", "none");
    expect(locateError(bare, "Packages:7", "the usual")).toMatchObject({ hint: "the usual" });
  });

  test("stays as it is if it does not concern metadata", () => {
    const error = new TypeError("a mistake of ours");
    expect(locateError(error, "Packages:7", "the usual")).toBe(error);
  });
});
