/** Reads the details of lines from before version 1: a text in `detail`, a sentence and then one item on each line. */
import type { HistoryDetails } from "../details.ts";

/** Returns undefined for a text that has only words for people. */
export function detailsOfText(action: string, text: string): HistoryDetails | undefined {
  if (action === "create") return createdOf(text);
  if (action === "verify") return verifiedOf(text);
  const isUnlinked = action === "unlink" && (text === "staging" || text === "production");
  return isUnlinked ? { kind: "unlinked", link: text } : undefined;
}

const contentsMark = "contents ";

function createdOf(text: string): HistoryDetails | undefined {
  const line = text.split("\n").find((candidate) => candidate.startsWith(contentsMark));
  if (line === undefined) return undefined;
  const contents = line.slice(contentsMark.length);
  return { kind: "created", contents };
}

function verifiedOf(text: string): HistoryDetails | undefined {
  const [head = "", ...lines] = text.split("\n");
  const marked = (mark: string): readonly string[] =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
  const damagedPaths = marked("- ");
  const repairedPaths = marked("+ ");
  const checked = checkedHead.exec(head)?.groups;
  if (checked !== undefined) {
    return {
      kind: "checked",
      deep: checked.depth === everyFileRead,
      partial: checked.partial !== undefined,
      files: Number(checked.files),
      damaged: Number(checked.damaged),
      damagedPaths,
      repairedPaths,
      faults: marked("! "),
    };
  }
  const shared = sharedHead.exec(head)?.groups;
  if (shared !== undefined) {
    const { from = "", damaged, depth } = shared;
    return {
      kind: "damage-shared",
      deep: depth === everyFileRead,
      from,
      damaged: Number(damaged),
      damagedPaths,
    };
  }
  const shares = repairSharedHead.exec(head)?.groups;
  return (
    shares && {
      kind: "repair-shared",
      from: shares.from ?? "",
      repaired: Number(shares.repaired),
      repairedPaths,
    }
  );
}

const everyFileRead = "every file read";
const checkedHead =
  /^(?<damaged>\d+) of (?<files>\d+) files? damaged(?:, \d+ repaired)? \((?<depth>every file read|sizes compared)(?<partial>, some not looked at)?\)$/;
const sharedHead =
  /^(?<damaged>\d+) files? damaged, shared with (?<from>.+) \((?<depth>every file read|sizes compared)\)$/;
const repairSharedHead = /^(?<repaired>\d+) files? repaired, shared with (?<from>.+)$/;
