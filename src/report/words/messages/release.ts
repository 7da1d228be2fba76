import type { CompanionProblem, ReleaseEvent } from "../../events/release.ts";
import { formatTime } from "../../units.ts";
import { releaseNoteText, signatureNoteText } from "../release/release-notes.ts";
import { releaseRemarkText } from "../release/release-remarks.ts";
import { suiteNoteText } from "../release/suite-notes.ts";
import { variantLeftOutText } from "../release/variants.ts";
import { debug, info, type MessagesOf, warn } from "./message.ts";

export const releaseMessages: MessagesOf<ReleaseEvent> = {
  "release-requested": () => info("Downloading Release file"),
  "signature-valid": ({ keyIds }) =>
    info(`PGP signature valid - signed by key ${keyIds.map((id) => `0x${id}`).join(", ")}`),
  "signature-noted": ({ note }) => warn(signatureNoteText(note)),
  "signatures-unchecked": ({ mirror }) => warn(`${mirror}: signatures are not checked (no_pgp_check)`),
  "certificates-unchecked": ({ mirror }) =>
    warn(`${mirror}: certificates are not checked (insecure_skip_verify)`),
  "key-file-skipped": ({ problem }) => debug(`key file skipped: ${problem}`),
  "suite-noted": ({ suite, note }) => warn(`${suite}: ${suiteNoteText(note)}`),
  "variant-left-out": ({ mirror, ...facts }) => warn(`${mirror}: ${variantLeftOutText(facts)}`),
  "signer-changed": ({ path, expected, found, validUntil }) =>
    warn(
      `${path}: signed by ${found.join(" and ")}, but the Release held expects ${expected.join(" or ")} (Signed-By)`,
      `Clients that have the held Release refuse this one until ${formatTime(validUntil)}`,
    ),
  "release-remarked": ({ path, remark }) => warn(releaseRemarkText(path, remark)),
  "release-noted": ({ path, note }) => warn(`${path}: ${releaseNoteText(note)}`),
  "release-refused": ({ url, reason }) => warn(`${url}: ${reason}`),
  "release-taken": ({ suite, url, date }) =>
    info(`Taking the Release of ${suite}${date === undefined ? "" : ` of ${formatTime(date)}`} from ${url}`),
  "companions-left-out": ({ path, problem }) => warn(companionText(path, problem)),
  "signature-refused": ({ path, reason }) => debug(`${path}: ${reason}`),
  "signature-not-armored": ({ path }) =>
    warn(`${path} is not ASCII armor and is left out: apt refuses it, and accepts a repository without it`),
};

function companionText(path: string, problem: CompanionProblem): string {
  switch (problem.kind) {
    case "not-fetched":
      return `${path} and Release.gpg are left out: ${problem.reason}`;
    case "signature-refused":
      return `${path}.gpg is left out: ${problem.reason}`;
    case "disagree":
      return problem.hasSignature
        ? `${path} and Release.gpg do not agree with InRelease and are left out`
        : `${path} does not agree with InRelease and is left out`;
  }
}
