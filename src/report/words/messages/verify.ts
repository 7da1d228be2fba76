import type { VerifyEvent } from "../../events/verify.ts";
import { countOf, formatBytes } from "../../units.ts";
import { repairCommand } from "../damage.ts";
import { shortList } from "../short-list.ts";
import { problemText } from "../verify/damage-problem.ts";
import { leftText } from "../verify/left-damaged.ts";
import { faultText, treeRemarkText } from "../verify/tree-remarks.ts";
import {
  debug,
  type EventOf,
  error,
  info,
  type LogMessage,
  type MessagesOf,
  silent,
  warn,
} from "./message.ts";

export const verifyMessages: MessagesOf<VerifyEvent> = {
  "verify-started": ({ mirror, name }) => info(`Verifying ${mirror}: ${name}`),
  "reading-planned": ({ files, sizeBytes }) =>
    debug(`reading ${countOf(files, "file")} (${formatBytes(sizeBytes)})`),
  "reading-progressed": silent,
  "file-read": silent,
  "reading-ended": silent,
  "damage-found": ({ name, path, problem }) => error(`${name}: ${problemText(path, problem)}`),
  "fault-found": ({ name, fault }) => error(`${name}: ${faultText(fault)}`),
  "damage-shared": ({ mirror, name, from, files }) =>
    warn(`${name} of ${mirror} has ${countOf(files, "damaged file")} too, shared with ${from}`),
  "damage-unmarked": ({ mirror, reason, dir }) =>
    warn(
      `${mirror}: the next sync may link what is damaged, since this user cannot mark it (${reason}): verify as the user that owns ${dir}`,
    ),
  "damage-repaired": ({ name, path, from, names }) =>
    info(`Repaired ${path} of ${name} from ${sourceWords[from]}: ${countOf(names, "name")}`),
  "damage-left": ({ name, path, problem, because }) => {
    const { reason, todo } = leftText(because);
    return error(`${name}: not repaired: ${problemText(path, problem)}\n${reason}\n${todo}`);
  },
  "shared-damage-left": ({ path, reason }) =>
    warn(`${path} is damaged as well, and could not be replaced: ${reason}`),
  "shared-name-left": ({ path, damaged }) =>
    warn(`${path} shares the damaged ${damaged}, and was left alone: verify that snapshot by its name`),
  "names-elsewhere": ({ path, names, dir, inode }) =>
    warn(
      `the damaged ${path} has ${names} more ${names === 1 ? "name" : "names"} outside the trees of this configuration: find ${dir} -xdev -inum ${inode}`,
    ),
  "more-damages": ({ name, what, more }) =>
    (what === "repaired" ? info : error)(`${name}: and ${more} more ${whatWords[what]}, which --json lists`),
  "verify-remarked": ({ name, remark }) => info(`${name}: ${treeRemarkText(remark)}`),
  "sync-facts-unreadable": ({ mirror }) =>
    warn(
      `${mirror}: what the last sync was asked for is readable by its owner alone, and is taken from the configuration`,
    ),
  "contradictions-found": contradictionsMessage,
  "verify-ended": endMessage,
};

const whatWords = { found: "damaged", repaired: "repaired", left: "not repaired" } as const;
const sourceWords = { store: "the store", tree: "another tree", upstream: "upstream" } as const;

function contradictionsMessage({ name, contradictions }: EventOf<"contradictions-found">): LogMessage {
  const digests = countOf(contradictions.length, "digest");
  const lines = contradictions.map(
    ({ path, source, algorithm, listed, found }) =>
      `${path}: the ${algorithm} digest is ${found}; ${source} lists ${listed}`,
  );
  return info(
    [
      `${name}: upstream lists ${digests} wrongly; the files are right by the digest that decides, and not damaged. apt refuses to download them:`,
      ...shortList(lines),
    ].join("\n"),
  );
}

function endMessage(event: EventOf<"verify-ended">): LogMessage {
  const { mirror, name, result, files, readBytes, damaged, isUntried, isWorkingMirror } = event;
  const read = readBytes === 0 ? "" : `, ${formatBytes(readBytes)} read`;
  const checked = `${countOf(files, "file")}${read}`;
  switch (result) {
    case "whole":
      return info(`${name} is whole: ${checked}`);
    case "repaired":
      return info(`${name} is whole again: ${checked}`);
    case "damaged":
      return error(
        `${name} is damaged: ${damaged} of ${checked}${isUntried ? `\nTo repair it: ${repairCommand(mirror, isWorkingMirror ? undefined : name)}` : ""}`,
      );
    case "gone":
      return info(`${name} was removed or replaced while it was verified`);
  }
}
