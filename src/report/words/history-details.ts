/** The history in words: what a line says beyond its names, and that a newer version wrote the file. */
import { refuses } from "../../gates/index.ts";
import type {
  HistoryDetails,
  HistoryEntry,
  NewerHistory,
  SyncedDetails,
  TestedDetails,
} from "../../history/index.ts";
import { countOf, formatBytes, formatTime } from "../units.ts";
import { countsText, fixesText } from "./comparison.ts";
import { countVerdicts, verdictWords } from "./gates/verdicts.ts";

/** Returns the text of a line, or its details in words; undefined for a line that has neither. */
export function historyDetailText({ result, detail, details }: HistoryEntry): string | undefined {
  if (result === "unchanged" && details?.kind === "synced") return detail;
  return detail ?? (details && detailsText(details));
}

/** Returns a sentence about a move of production whose end was not recorded. */
export const cutOffText = (found: {
  readonly action: string;
  readonly at: Date;
  readonly by: string;
  readonly hasMoved: boolean;
}): string =>
  `the ${found.action} of ${formatTime(found.at)} by ${found.by}: ${endNotWrittenText(found.hasMoved)}`;

/** Returns the end of that sentence, which the line gets too. */
export const endNotWrittenText = (hasMoved: boolean): string =>
  `its end was not written, and production had ${hasMoved ? "" : "not "}moved`;

/** Returns what is wrong, and what to do. */
export const newerHistoryText = ({ path, version, known }: NewerHistory): string =>
  `a newer mirrorctl wrote the history ${path}: it has version ${version}, and this one knows versions up to ${known}\n` +
  "It is read, and nothing is added to it: what this mirrorctl does is not recorded. Run the newer one";

function detailsText(details: HistoryDetails): string | undefined {
  switch (details.kind) {
    case "created": {
      const { packages, sizeBytes, directory } = details;
      if (packages === undefined || sizeBytes === undefined) return undefined;
      const from = directory === undefined ? "" : `, imported from ${directory}`;
      return `${countOf(packages, "package")}, ${formatBytes(sizeBytes)}${from}`;
    }
    case "synced":
      return syncedText(details);
    case "exported": {
      const { files, sizeBytes, directory, since } = details;
      const without = since === undefined ? "" : `, without what ${since} has`;
      return `${countOf(files, "file")} copied to ${directory} (${formatBytes(sizeBytes)})${without}`;
    }
    case "unlinked":
      return details.link;
    case "checked": {
      const { files, damaged, repairedPaths, deep, partial } = details;
      const repaired = repairedPaths.length === 0 ? "" : `, ${repairedPaths.length} repaired`;
      const how = `${depthText(deep)}${partial ? ", some not checked" : ""}`;
      return `${damaged} of ${countOf(files, "file")} damaged${repaired} (${how})`;
    }
    case "damage-shared":
      return `${countOf(details.damaged, "file")} damaged, shared with ${details.from} (${depthText(details.deep)})`;
    case "approved":
      return undefined;
    case "compared":
      return `${countsText(details.counts)}, ${fixesText(details)}`;
    case "tested":
      return testedText(details.gates);
    case "repair-shared":
      return `${countOf(details.repaired, "file")} repaired, shared with ${details.from}`;
  }
}

const syncedText = ({ files, sizeBytes, directory }: SyncedDetails): string =>
  `${countOf(files, "file")} ${directory === undefined ? "fetched" : `copied from ${directory}`} (${formatBytes(sizeBytes)})`;

/** Names each gate that did not pass. */
function testedText(gates: TestedDetails["gates"]): string {
  const refused = gates.filter(({ verdict }) => refuses(verdict));
  return [
    countVerdicts(gates.map(({ verdict }) => verdict)),
    ...refused.map(({ gate, verdict }) => `${gate} ${verdictWords[verdict]}`),
  ].join(", ");
}

const depthText = (deep: boolean): string => (deep ? "every file read" : "sizes compared");
