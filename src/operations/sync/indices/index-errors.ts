import { type IndexKind, optionOf, type WantedIndex } from "../../../plan/index.ts";
import { absenceText } from "../../../report/words/missing-files.ts";
import { type MalformedEntry, quote, RepositoryError, type Suite } from "../../../repository/index.ts";
import { TrustError } from "../../../trust/index.ts";
import { carryHint, MissingIndexError } from "../broken-upstream.ts";
import type { Absent } from "../files/downloads.ts";

export function noForm(suite: Suite, { name }: WantedIndex, missing: Absent | undefined): MissingIndexError {
  const found = missing === undefined ? "none listed" : absenceText(missing);
  return new MissingIndexError(
    "INDEX_MISSING",
    `${suite.name}: upstream lists ${name} but has it in no form (${found})`,
    {
      facts: { index: name, status: missing?.status, url: missing?.url },
      hint: missing === undefined ? hints.unlisted : hintFor(missing),
    },
  );
}

function hintFor({ status }: Absent): string {
  if (status === undefined) return carryHint;
  return status === 403 ? hints.forbidden : hints.unlisted;
}

const hints = {
  forbidden:
    "403 may mean that it is missing, that the server wants other credentials, or that it does not serve this network.",
  unlisted:
    "Clients of upstream fail too. Remove the section or architecture from the configuration, or try again later.",
};

/** Anyone can make other bytes with the same MD5 and SHA-1. apt does not read such an index either. */
export const weaklyListed = (suite: Suite, { name }: WantedIndex): TrustError =>
  new TrustError("DIGEST_WEAK", `${suite.name}: the Release lists ${name} without SHA-256 or SHA-512`, {
    facts: { index: name },
    hint: "The index can be forged. allow_weak mirrors it; apt clients refuse it.",
  });

/** apt fails as well when it requests the file: no bytes have such a digest. */
export const malformedEntry = (
  suite: Suite,
  { name, list, line, problem }: MalformedEntry,
): RepositoryError =>
  new RepositoryError(
    "FIELD_MALFORMED",
    `${suite.name}: the Release lists ${quote(name)}, in ${list}, in a way that nothing can be checked by: ${problem}`,
    {
      facts: { index: name, list, line },
      hint: "apt refuses that file too. Tell the owner of the upstream.",
    },
  );

/** Returns the same error with the option that leaves out all indices of the kind, if there is one. */
export function withOption(
  error: TrustError | RepositoryError,
  kind: IndexKind,
): TrustError | RepositoryError {
  const option = optionOf(kind);
  if (option === undefined) return error;
  const hint =
    `${error.hint ?? ""} If it stays so: ${option} = false leaves it out, and all of its kind.`.trim();
  const details = { facts: error.facts, hint, cause: error };
  return error instanceof TrustError
    ? new TrustError(error.code, error.message, details)
    : new RepositoryError(error.code, error.message, details);
}
