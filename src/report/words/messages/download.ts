import type { DownloadEvent, ReusedWays, UnnamedPackage } from "../../events/download.ts";
import { escapeControls } from "../../terminal/escape-controls.ts";
import { countOf, formatBytes, formatSpan } from "../../units.ts";
import { missingFileText, missingText } from "../missing-files.ts";
import { listOf, shortList } from "../short-list.ts";
import { shortageText, spaceText } from "../shortage.ts";
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

export const downloadMessages: MessagesOf<DownloadEvent> = {
  "upstream-unchanged": ({ mirror }) => info(`Nothing new upstream for ${mirror}`),
  "upstream-moved": ({ reason, items, mirror, attempt, waitMs }) =>
    warn(
      reason,
      ...shortList(items),
      `Reading ${mirror} again in ${formatSpan(waitMs)} (attempt ${attempt})`,
    ),
  "indices-left-out": ({ suite, because, names }) =>
    warn(`${suite}: ${leftOutWords[because]} ${indicesText(names)}`),
  "packages-unnamed": ({ packages }) => warn(unnamedText(packages)),
  "packages-filtered": ({ packages }) =>
    debug(`filters leave out ${countOf(packages, "package")}; clients that request one get 404`),
  "files-missing": ({ mirror, files }) =>
    warn(
      `${mirror}: ${missingText(files.length)}`,
      ...shortList(files.map(missingFileText)),
      "published without them, because allow_missing is set",
    ),
  "request-retried": ({ reason, waitMs, next }) =>
    warn(
      next === undefined
        ? `${reason}, trying again in ${(waitMs / 1000).toFixed(1)} s`
        : `${reason}; asking ${next} instead`,
    ),
  "caches-bypassed": ({ reason }) => debug(`${reason}; asking again, past the caches on the way`),
  "pipelining-started": ({ origin, roundTripMs, depth }) =>
    debug(
      `${origin}: answers take ${roundTripMs} ms to begin: up to ${depth} requests are sent ahead of them`,
    ),
  "pipelining-ended": ({ origin, reason }) =>
    debug(`${origin}: no more requests are sent ahead of answers: ${reason}`),
  "transfer-planned": (event) => info(transferText(event)),
  "transfer-progressed": silent,
  "transfer-ended": silent,
  "file-fetched": ({ path, sizeBytes }) => debug(`fetched ${path} (${formatBytes(sizeBytes)})`),
  "file-copied": ({ path, sizeBytes }) => debug(`copied ${path} (${formatBytes(sizeBytes)})`),
  "file-linked": ({ path }) => debug(`linked ${path}, whose bytes came meanwhile`),
  "found-directories-unreadable": ({ directories }) =>
    warn(
      `${countOf(directories.length, "directory", "directories")} cannot be read, so files there are downloaded instead:`,
      ...shortList(directories.map(({ path, code }) => `${escapeControls(path)} (${code})`)),
    ),
  "found-files-left": ({ files }) =>
    warn(
      `${countOf(files.length, "file")} of the size and name of a listed one ${files.length === 1 ? "was" : "were"} not taken:`,
      ...shortList(
        files.map(
          ({ from, why }) =>
            `${escapeControls(from)}: ${why === "different" ? "other bytes" : `cannot be read (${why})`}`,
        ),
      ),
    ),
  "files-reused": ({ files, sizeBytes, ways }) =>
    info(`Reused ${countOf(files, "file")} (${formatBytes(sizeBytes)}): ${waysText(ways)}`),
  "files-linked": ({ files }) =>
    warn(
      `${countOf(files, "file")} in the directories of --files ${files === 1 ? "is a file" : "are files"} of the mirror too now: no other program may write there any longer`,
    ),
  "files-not-linked": ({ files }) =>
    warn(
      `${countOf(files, "file")} could not be linked and ${files === 1 ? "was" : "were"} copied: on another file system, or of another user`,
    ),
  "files-reusable": ({ files, sizeBytes }) =>
    info(`A sync would reuse ${countOf(files, "file")} (${formatBytes(sizeBytes)}) of this disk`),
  "disk-space-estimated": ({ sizeBytes }) => info(`Estimated disk space required: ${formatBytes(sizeBytes)}`),
  "images-uncounted": ({ images }) =>
    warn(`not counted, because SHA256SUMS has no sizes: ${countOf(images, "installer image")}`),
  "space-needed": ({ mirror, path, needed, free }) =>
    info(`${mirror} needs ${spaceText(needed)} in ${path}, which has ${spaceText(free)} free`),
  "space-lacking": lackingMessage,
  "space-freed": ({ objects, sizeBytes }) =>
    info(`Freed ${formatBytes(sizeBytes)} in ${countOf(objects, "file")}`),
};

const leftOutWords = {
  absent: "upstream lists but does not have",
  weak: "listed without SHA-256 and SHA-512, and so left out:",
  different: "not as it is listed, and so left out:",
} as const;

function indicesText(names: readonly string[]): string {
  const text = listOf(names);
  return names.length === 1 ? text : `${countOf(names.length, "index", "indices")}: ${text}`;
}

function unnamedText(packages: readonly UnnamedPackage[]): string {
  const what = packages.length === 1 ? "A package is" : `${packages.length} packages are`;
  const lines = packages.map(
    ({ source, line, name, version, path }) => `${source}:${line}: ${name} ${version}: ${bytesText(path)}`,
  );
  const reason = "listed under a path that is not UTF-8; clients that ask for it get 404:";
  return [`${what} left out: ${reason}`, ...shortList(lines)].join("\n");
}

/** As apt asks for it. */
const bytesText = (latin1: string): string =>
  latin1.replace(
    /[^\x21-\x7e]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );

/** Says how files were taken from this disk. */
function waysText({ linked, cloned, copied }: ReusedWays): string {
  const parts = [
    [linked, "linked"],
    [cloned, "copied, with shared blocks"],
    [copied, "copied"],
  ] as const;
  return (
    parts.flatMap(([count, how]) => (count === 0 ? [] : [`${count} ${how}`])).join(", ") || "nothing fits"
  );
}

function transferText({ files, sizeBytes, heldFiles, from, to }: EventOf<"transfer-planned">): string {
  const held = heldFiles === 0 ? "" : `, ${heldFiles} held already`;
  const what = `${countOf(files, "file")} (${formatBytes(sizeBytes)})`;
  if (to !== undefined) {
    const there = heldFiles === 0 ? "" : `, ${heldFiles} there already`;
    return files === 0 ? `No files to copy${there}` : `Copying ${what} to ${to}${there}`;
  }
  if (from !== undefined)
    return files === 0 ? `No files to copy${held}` : `Copying ${what} from ${from}${held}`;
  return files === 0 ? `No files to download${held}` : `Downloading ${what}${held}`;
}

function lackingMessage({ mirrors, path, shortage }: EventOf<"space-lacking">): LogMessage {
  const ids = mirrors.join(", ");
  const head =
    mirrors.length === 1 ? `${ids} does not fit: it needs` : `${ids} do not fit together: they need`;
  return error(`${head} ${shortageText(path, shortage)}`);
}
