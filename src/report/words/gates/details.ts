import type { Detail } from "../../../gates/index.ts";
import { countOf, formatTime } from "../../units.ts";
import { causeText, searchTooLong } from "../cause.ts";
import { listOf } from "../short-list.ts";
import { uninstallableText } from "./uninstallable.ts";

type DetailOf<Kind extends Detail["kind"]> = Extract<Detail, { readonly kind: Kind }>;

/** Returns what a gate found, in a sentence. Further lines say more. */
export function detailText<Kind extends Detail["kind"]>(detail: DetailOf<Kind>): string {
  const words: (detail: DetailOf<Kind>) => string = detailWords[detail.kind];
  return words(detail);
}

const time = (text: string): string => formatTime(new Date(text));

const aheadText = ", which is in the future: the clock of this machine is wrong, or was";

const detailWords: { readonly [Kind in Detail["kind"]]: (detail: DetailOf<Kind>) => string } = {
  problem: ({ reason, hint }) => (hint === undefined ? reason : `${reason}\n${hint}`),
  "damaged-file": ({ reason }) => reason,
  "package-missing": ({ name }) => `${name} is missing`,
  "packages-removed": ({ architecture, before, removed, names }) =>
    `${architecture}: ${removed} of ${countOf(before, "package")} in production are gone: ${listOf(names)}`,
  downgraded: ({ name, architecture, before, after }) =>
    `${name} (${architecture}): production has ${before}, the snapshot ${after}`,
  "changed-bytes": ({ name, version, architecture, suite, before, after }) =>
    `${name} ${version} (${architecture}, ${suite}): ${short(before)} in production, ${short(after)} in the snapshot`,
  "release-renamed": ({ suite, field, before, after }) =>
    `${suite}: ${capital(field)} is ${quoted(before)} in production, ${quoted(after)} in the snapshot`,
  "release-date": ({ suite, date }) =>
    date === undefined ? `${suite}: its Release has no Date` : `${suite}: its Release is of ${time(date)}`,
  "valid-until": ({ suite, validUntil }) => `${suite}: its Release is valid until ${time(validUntil)}`,
  staged: ({ since, until }) =>
    until === undefined
      ? `staged since ${time(since)}`
      : `staged from ${time(since)} to ${time(until)}; staging shows something else now`,
  "never-staged": () => "these contents were never staged",
  "too-young": ({ name, version, architecture, firstSeen, oldEnoughFrom, isAhead }) =>
    `${name} ${version} (${architecture}) was first seen on ${time(firstSeen)}${isAhead ? aheadText : ""}: old enough from ${time(oldEnoughFrom)} on`,
  "apt-says": ({ machine, line }) => `${machine}: ${line}`,
  "upgrade-loss": ({ profile, loss, name, version, offered = "nothing" }) =>
    `${profile}: ${lossWords[loss](name, version, offered)}`,
  command: ({ position, program, end, status, output }) =>
    [`command ${position} (${program}) ${endWords[end](status)}`, ...lastLines(output)].join("\n"),
  approval: ({ by, at, counts }) =>
    `${by} approved it on ${time(at)}${counts ? "" : ", which does not count if the same person promotes it"}`,
  uninstallable: uninstallableText,
  "not-together": ({ machine, cause }) => `on ${machine}: ${causeText(cause)}`,
  undetermined: ({ machine, name = "together", version = "" }) =>
    `${`${name} ${version}`.trim()} on ${machine}: ${searchTooLong}`,
};

const lossWords: Readonly<
  Record<DetailOf<"upgrade-loss">["loss"], (name: string, version: string, offered: string) => string>
> = {
  removed: (name, version) => `${name} ${version} is removed`,
  "kept-back": (name, version, offered) =>
    `${name} ${version} is kept back, although the snapshot has ${offered}`,
  downgraded: (name, version, offered) =>
    `${name} is ${version} after an upgrade from production, and the snapshot has only ${offered}`,
};

const endWords: Readonly<Record<DetailOf<"command">["end"], (status: string) => string>> = {
  passed: () => "passed",
  failed: (status) => `ended with status ${status}`,
  "not-yet": (status) => `ended with status ${status}: not yet`,
  "timed-out": () => "took too long, and was ended",
  killed: (signal) => `was killed by ${signal}`,
  "not-started": (reason) => `could not be started: ${reason}`,
};

/** The last words of a program usually say why it failed. --json has all of them. */
const lastLines = (output: string): readonly string[] =>
  output.trimEnd() === ""
    ? []
    : output
        .trimEnd()
        .split("\n")
        .slice(-linesMax)
        .map((line) => `  ${line}`);
const linesMax = 5;

const short = (digest: string): string => digest.slice(0, 12);
const quoted = (text: string | undefined): string => (text === undefined ? "absent" : JSON.stringify(text));
const capital = (field: string): string => field.charAt(0).toUpperCase() + field.slice(1);
